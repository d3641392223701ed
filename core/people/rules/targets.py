"""What a column of a file can hold, and how its heading is understood."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ACCOUNT: Final = {
    "email": "E-mail address",
    "first_name": "First name",
    "last_name": "Last name",
    "full_name": "First and last name",
    "username": "Username",
    "job_title": "Job title",
    "organisation": "Organisation",
    "phone": "Telephone number",
    "time_zone": "Time zone",
    "roles": "Takes part as",
    "is_mentor": "Wants to be a mentor",
    "is_mentee": "Wants to be a mentee",
    "capacity": "Mentees at once",
}
MEMBERSHIP: Final = {
    "member_number": "Membership number",
    "standing": "Standing of the membership",
}
PLAIN: Final = ("first_name", "last_name", "job_title", "organisation", "phone", "time_zone")
"""What an account keeps as it was written."""
INVITED: Final = (
    "email",
    "first_name",
    "last_name",
    "full_name",
    "roles",
    "is_mentor",
    "is_mentee",
)
BOTH_ROLES: Final = ("mentor", "mentee")

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("email", "e mail", "mail", "email address", "e mail address", "mail address",
              "email adress", "contact email", "work email"),
    "first_name": ("first name", "firstname", "first", "forename", "given name", "vorname",
                   "prénom", "christian name"),
    "last_name": ("last name", "lastname", "last", "surname", "family name", "nachname", "nom"),
    "full_name": ("name", "full name", "member", "member name", "first and last name"),
    "username": ("username", "user name", "user", "login"),
    "job_title": ("job title", "job", "position", "title", "jobtitle"),
    "organisation": ("organisation", "organization", "company", "employer", "workplace",
                     "institution"),
    "phone": ("phone", "telephone", "telephone number", "phone number", "mobile", "tel"),
    "time_zone": ("time zone", "timezone"),
    "roles": ("roles", "role", "takes part as"),
    "is_mentor": ("mentor", "wants to be a mentor", "is mentor"),
    "is_mentee": ("mentee", "wants to be a mentee", "is mentee"),
    "capacity": ("capacity", "mentees at once", "how many mentees at once", "number of mentees"),
    "member_number": ("member number", "membership no", "member no", "membership id", "member id",
                      "membership nr", "mitgliedsnummer"),
    "standing": ("standing", "status", "membership status", "member status", "membership standing",
                 "membership"),
}  # fmt: skip
_BY_HEADING: Final = {name: key for key, names in _HEADINGS.items() for name in names}


@dataclass(frozen=True)
class AnswerColumn:
    """A profile field as a column. roles: in whose profiles the answer stands."""

    key: str
    label: str
    roles: tuple[str, ...]

    @property
    def target(self) -> str:
        """The name of the column's contents: "answer:region", "mentor:region"."""
        both = self.roles == BOTH_ROLES
        return f"answer:{self.key}" if both else f"{self.roles[0]}:{self.key}"


def answer_columns(fields: Sequence[tuple[str, str, str]]) -> list[AnswerColumn]:
    """The columns of profile fields, given as (key, label, audience).

    What both are asked may stand once for both profiles, or once for each.
    """
    found = []
    for key, label, audience in fields:
        if audience != "both":
            found.append(AnswerColumn(key, label, (audience,)))
            continue
        found.append(AnswerColumn(key, label, BOTH_ROLES))
        found += [AnswerColumn(key, f"{label} (as {role})", (role,)) for role in BOTH_ROLES]
    return found


def plain(heading: str) -> str:
    """A heading without case, marks and doubled spaces: "E-Mail_address " → "e mail address"."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return " ".join(re.sub(r"[^\w]+|_", " ", text).split())


def guessed(header: Sequence[str], answers: Sequence[AnswerColumn]) -> list[str]:
    """What each column holds, by its heading; "" for what is not understood. None twice."""
    known: dict[str, str] = {}
    for one in answers:
        known.setdefault(plain(one.label), one.target)
    for one in answers:
        known.setdefault(plain(one.key), one.target)
    exact = {plain(label): key for key, label in (ACCOUNT | MEMBERSHIP).items()}
    taken: set[str] = set()
    mapping = []
    for heading in header:
        name = plain(heading)
        target = exact.get(name) or known.get(name) or _BY_HEADING.get(name, "")
        if target in taken:
            target = ""
        taken.add(target)
        mapping.append(target)
    if "full_name" in taken and {"first_name", "last_name"} <= taken:
        mapping = ["" if target == "full_name" else target for target in mapping]
    return mapping


def flaws(mapping: Sequence[str], *, roles_given: bool, makes: bool = True) -> list[str]:
    """What keeps a file from being read so, as sentences for people."""
    found = []
    named = ACCOUNT | MEMBERSHIP
    used = [target for target in mapping if target]
    for twice in sorted({target for target in used if used.count(target) > 1}):
        found.append(f"Two columns are read as “{named.get(twice, twice)}”. Choose one.")
    if "email" not in used:
        found.append("Say which column holds the e-mail address: people are known by it.")
    if "full_name" in used and {"first_name", "last_name"} & set(used):
        found.append("The name comes from one column or from two, not from both.")
    if makes and not roles_given and not {"roles", "is_mentor", "is_mentee"} & set(used):
        found.append("No column says who is a mentor and who is a mentee. Choose it above.")
    return found
