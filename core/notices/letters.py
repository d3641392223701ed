"""The mail that brings a notice."""

from core.kernel.letters import Blank, Mail, register

register(
    Mail(
        name="news",
        title="What’s new",
        when="The {{ programme_team }} mails a notice to those whom it is for.",
        to="Members who want such mails",
        blanks=(
            Blank("title", "the title of the notice", "Two evenings in May"),
            Blank("text", "its text", "Come and meet the others.", needed=True),
            Blank("label", "the words of its link", "Read more"),
        ),
        fixed=True,
    ),
)
