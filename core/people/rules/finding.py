"""What staff look for among people, and which columns of them they want."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

ROLES: Final = [
    ("", "Anybody"),
    ("mentor", "Mentors"),
    ("mentee", "Mentees"),
    ("both", "Both at once"),
    ("neither", "Neither"),
    ("team", "On the team"),
]
STATES: Final = [
    ("active", "May sign in"),
    ("waiting", "Never signed in"),
    ("closed", "Closed"),
    ("", "All"),
]
PROFILES: Final = [("", "Any"), ("complete", "Complete"), ("incomplete", "Not complete")]

ACCOUNT_COLUMNS: Final = {
    "email": "E-mail address",
    "first_name": "First name",
    "last_name": "Last name",
    "username": "Username",
    "roles": "Takes part as",
    "job_title": "Job title",
    "organisation": "Organisation",
    "phone": "Telephone number",
    "time_zone": "Time zone",
    "capacity": "Mentees at once",
    "state": "Account",
    "profile": "Profile",
    "joined_at": "Joined",
    "last_login": "Last signed in",
}
USUAL: Final = ("email", "first_name", "last_name", "roles", "job_title", "organisation")
AT_ONCE: Final = 2000
"""So many people are written while the reader waits."""


class Wanted(BaseModel):
    """Whom staff look for. answers: option keys by field key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = ""
    role: Literal["", "mentor", "mentee", "both", "neither", "team"] = ""
    state: Literal["", "active", "waiting", "closed"] = "active"
    profile: Literal["", "complete", "incomplete"] = ""
    answers: dict[str, str] = {}
