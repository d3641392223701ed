"""The mails with which people are invited."""

from core.kernel.letters import Blank, Case, Mail, register

_BLANKS = (
    Blank("sender_name", "who invites", "Tilda Ray", needed=True),
    Blank("place", "what they are invited as", "a mentor", needed=True),
    Blank("line", "the personal line", "It would be good to have you with us.", optional=True),
    Blank("until", "the last day of the link", "3 March 2027", needed=True),
)

register(
    Mail(
        name="invitation",
        title="Invitation",
        when="The team invites somebody, or makes an account for them.",
        to="Whoever is invited",
        blanks=_BLANKS,
        cases=(
            Case("prepared", "the account is made already", {"prepared": True}),
            Case("membership", "members sign in elsewhere", {"membership": True}),
            Case("", "they make the account themselves", {}),
        ),
    ),
    Mail(
        name="invitation_reminder",
        title="Invitation, said once more",
        when="An invitation ends in a few days and was not accepted.",
        to="Whoever is invited",
        blanks=_BLANKS,
    ),
    Mail(
        name="people_merged",
        title="Two accounts are one now",
        when="The {{ programme_team }} makes one account of two.",
        to="The member",
        blanks=(
            Blank("username", "the name to sign in with", "lena.hart", needed=True),
            Blank("address", "where mails go from now on", "lena@hart.example", needed=True),
        ),
    ),
)
