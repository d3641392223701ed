"""What a notice is and whom it is for. Pure."""

import re
from typing import Final

AUDIENCES: Final = (
    ("everyone", "Everyone"),
    ("mentor", "Mentors"),
    ("mentee", "Mentees"),
    ("staff", "The programme team"),
)
MAIL: Final = "news"
"""The kind of the mails, which people may do without."""

_LINK = re.compile(r"!?\[([^\]\n]*)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_SOFT = re.compile(r"(?<![\w*_])[*_](?=\S)([^*_\n]+?)(?<=\S)[*_](?![\w*_])")
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
_BULLET = re.compile(r"^[*+] +", re.MULTILINE)


def plain(source: str) -> str:
    """A Markdown text as the plain paragraphs of a mail; links stand behind their words."""
    text = source.replace("\r\n", "\n")
    text = _LINK.sub(lambda link: f"{link[1]} ({link[2]})" if link[1] else link[2], text)
    text = _STRONG.sub(r"\2", text)
    text = _SOFT.sub(r"\1", text)
    return _BULLET.sub("- ", _HEADING.sub("", text)).strip()


def is_for(audience: str, *, mentor: bool, mentee: bool, staff: bool) -> bool:
    """Whether somebody belongs to an audience."""
    return {"everyone": True, "mentor": mentor, "mentee": mentee, "staff": staff}[audience]
