"""The pages that previews on the staff site show: invented people, the institute's own words."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from core.accounts.forms import SignInForm
from core.accounts.queries import may_register
from core.kernel.links import absolute
from core.kernel.previews import Sample, offer_sample
from core.programme.queries import current, words

NOBODY = UUID(int=0)
PEOPLE = (
    ("Rowan Achterberg", "RA", "Head of Operations", "Harbour Rail", 92, "Fits closely"),
    ("Mina Okonjo", "MO", "Programme Director", "Northern Freight", 64, "Fits in part"),
)


class ASampleForm(forms.Form):
    """Fields as members meet them, one with an error."""

    statement = forms.CharField(
        label="What would you like to work on?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Two or three sentences are enough.",
    )
    town = forms.CharField(label="Where do you work?", required=False)
    often = forms.ChoiceField(
        label="How often would you like to talk?",
        choices=[("2", "Every two weeks"), ("4", "Once a month")],
        widget=forms.RadioSelect,
    )


def _front(request: HttpRequest) -> dict[str, Any]:
    return {
        "front": current().front,
        "form": SignInForm(request=request),
        "may_register": may_register(),
    }


def _member(request: HttpRequest) -> dict[str, Any]:
    form = ASampleForm(
        {"statement": "", "town": "Leeds", "often": "2"}, auto_id="sample_%s", prefix="sample"
    )
    return {
        "form": form,
        "results": [
            {
                "person": {
                    "pk": NOBODY, "full_name": name, "initials": initials,
                    "job_title": title, "organisation": house,
                },
                "line": "Twenty years of timetables, the last six with people.",
                "receipt": {
                    "lines": [
                        {"met": True, "text": "Leadership"},
                        {"met": True, "text": "Speaks English"},
                        {"met": share > 90, "text": "Same region"},
                    ],
                    "words": said,
                    "share": share,
                },
            }
            for name, initials, title, house, share, said in PEOPLE
        ],
    }  # fmt: skip


def _mail(request: HttpRequest) -> dict[str, Any]:
    spoken = words()
    ask = spoken["request"].form("article")
    return {
        "subject": f"You have {ask} from Mina Okonjo",
        "addressee_name": "Rowan Achterberg",
        "paragraphs": [
            {"kind": "text", "lines": [f"Mina Okonjo has sent you {ask}. She writes:"]},
            {
                "kind": "quote",
                "lines": ["I lead people for the first time, and would like to talk it through."],
            },
            {
                "kind": "text",
                "lines": [
                    f"You have two open {spoken['request'].plural}. The "
                    f"{spoken['programme_team'].singular} is glad to help."
                ],
            },
        ],
        "button_label": "Read and answer",
        "button_url": absolute("/relationships/"),
    }


offer_sample(Sample("front", "Front page", "accounts/front.html", _front, guest=True))
offer_sample(Sample("member", "Pages of members", "brand/member.html", _member))
offer_sample(Sample("mail", "Mail", "frame/mail.html", _mail, is_mail=True))
