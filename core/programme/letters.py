"""The mails that the settings themselves send."""

from core.kernel.letters import Blank, Mail, register

register(
    Mail(
        name="mail_text_unusable",
        title="Your text of a mail could not be used",
        when="A text that the {{ programme_team }} wrote for a mail has a mistake in it.",
        to="The {{ programme_team }}",
        blanks=(
            Blank("mail_title", "the mail", "A new {{ request }}"),
            Blank("problem", "what is wrong", "{{ mentro }} stands for nothing in this mail."),
        ),
        fixed=True,
    ),
)
