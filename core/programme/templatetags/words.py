"""The institute's words in templates and mails."""

from typing import Any

from django import template

from core.programme.queries import words

register = template.Library()


@register.simple_tag(takes_context=True)
def word(context: Any, key: str, form: str = "singular", cap: bool = False) -> str:
    """A noun of the institute: form is `singular`, `plural` or `article` ("a request").

    `spell_words` in the context spells it instead: mails are shown with placeholders that way.
    """
    spell = context.get("spell_words")
    if spell is not None:
        return str(spell(key, form, cap))
    text = words()[key].form(form)
    return text[:1].upper() + text[1:] if cap else text


@register.filter
def quoted(text: str) -> str:
    """User text for a mail: every line behind "> ", so that it reads as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
