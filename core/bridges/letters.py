"""The mails of bridges."""

from core.kernel.letters import Blank, Mail, register

register(
    Mail(
        name="rescue",
        title="A way in while your usual sign-in is down",
        when="One of the {{ programme_team }} asks for a rescue link.",
        to="One of the {{ programme_team }}",
        blanks=(Blank("minutes", "for how many minutes the link is good", "15", needed=True),),
    ),
)
