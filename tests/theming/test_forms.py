"""Forms as people meet them: label, hint, message, box, all tied together."""

import re

from django import forms
from django.template.loader import render_to_string

CHOICES = [("a", "Apples"), ("p", "Pears")]


class Basket(forms.Form):
    """One of each kind of box."""

    name = forms.CharField(label="Name", help_text="As on your card", max_length=4)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    fruit = forms.ChoiceField(label="Fruit", choices=CHOICES, widget=forms.RadioSelect)
    extras = forms.MultipleChoiceField(
        label="Extras", choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    agree = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")


def drawn(form: Basket) -> str:
    return render_to_string("parts/form.html", {"form": form, "submit": "Send"})


def test_every_box_has_a_label_and_every_group_a_legend() -> None:
    page = drawn(Basket())
    for name in ("name", "note", "agree", "fruit_0", "fruit_1", "extras_0", "extras_1"):
        assert f'<label for="id_{name}">' in page, name
    assert page.count("<fieldset") == page.count("<legend>") == 2
    assert 'type="hidden" name="token"' in page
    assert '<span class="optional">(optional)</span>' in page
    assert "placeholder" not in page
    assert "style=" not in page


def test_a_wrong_answer_is_told_on_top_and_beside_the_box_and_kept() -> None:
    page = drawn(Basket({"name": "<b>Ada", "fruit": "x"}))
    assert 'role="alert"' in page
    assert 'href="#id_name"' in page
    assert 'href="#id_fruit_0"' in page
    assert 'id="id_name_error"' in page
    described = re.search(r'<input[^>]*name="name"[^>]*aria-describedby="([^"]*)"', page)
    assert described is not None
    assert set(described[1].split()) == {"id_name_helptext", "id_name_error"}
    assert 'aria-invalid="true"' in page
    assert "&lt;b&gt;Ada" in page
    assert "<b>Ada" not in page


def test_every_link_of_the_summary_leads_to_a_box_that_is_there() -> None:
    page = drawn(Basket({"token": "t"}))
    targets = re.findall(r'href="#([^"]+)"', page)
    assert len(targets) == 3
    assert all(f'id="{target}"' in page for target in targets)
