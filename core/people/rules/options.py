"""What staff decide about a file before it is imported."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

EXISTING: Final = [
    ("leave", "Leave them as they are"),
    ("fill", "Fill in what is empty"),
    ("overwrite", "Put the file’s values in place of theirs"),
]
NEWCOMERS: Final = [
    ("make", "Make accounts for them"),
    ("leave", "Leave them out: only those who are here are brought up to date"),
]
ROLES: Final = [
    ("file", "As the file says"),
    ("mentor", "Everybody is a mentor"),
    ("mentee", "Everybody is a mentee"),
    ("both", "Everybody is both"),
]


class Options(BaseModel):
    """existing: people who are here already. newcomers: everybody else. roles: where the file
    does not say it.

    skip_refused: import the others when rows are refused. invite: mail new people a link with
    which they choose a password. line: the personal line in those mails.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    existing: Literal["leave", "fill", "overwrite"] = "leave"
    newcomers: Literal["make", "leave"] = "make"
    roles: Literal["file", "mentor", "mentee", "both"] = "file"
    skip_refused: bool = False
    invite: bool = True
    line: str = ""

    @property
    def roles_given(self) -> frozenset[str]:
        """The roles of whoever the file says nothing about."""
        if self.roles == "file":
            return frozenset()
        return frozenset({"mentor", "mentee"} if self.roles == "both" else {self.roles})
