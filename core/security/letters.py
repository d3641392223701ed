"""The mails about signing in."""

from core.kernel.letters import Blank, Mail, register

register(
    Mail(
        name="new_sign_in",
        title="New sign-in to your account",
        when="Somebody signs in from a browser that was not used before.",
        to="The owner of the account",
        blanks=(Blank("browser", "the browser", "Firefox on Windows", needed=True),),
    ),
    Mail(
        name="second_step_changed",
        title="The second step at sign-in was changed",
        when="A passkey, an app or recovery codes were added or removed.",
        to="The owner of the account",
        blanks=(
            Blank(
                "sentence",
                "what was done, as a sentence without its full stop",
                "A passkey was added to your account",
                needed=True,
            ),
        ),
    ),
    Mail(
        name="signed_in_as",
        title="Somebody of the team signed in as you",
        when="Somebody of the {{ programme_team }} signs in as a member.",
        to="The member",
        blanks=(
            Blank("staff_name", "who signed in", "Tilda Ray", needed=True),
            Blank("minutes", "for how many minutes at most", "30", needed=True),
            Blank("reason", "the reason that they gave", "To see why a page fails.", needed=True),
        ),
    ),
)
