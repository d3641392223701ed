"""The institute's words in templates and mails."""

from django import template

from core.programme.queries import words

register = template.Library()


@register.simple_tag
def word(key: str, form: str = "singular", cap: bool = False) -> str:
    """A noun of the institute: form is `singular`, `plural` or `article` ("a request")."""
    text = words()[key].form(form)
    return text[:1].upper() + text[1:] if cap else text


@register.filter
def quoted(text: str) -> str:
    """User text for a mail: every line behind "> ", so that it reads as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
