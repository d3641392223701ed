"""The mail in which the programme team asks for an answer."""

from core.kernel.letters import Blank, Case, Mail, register

register(
    Mail(
        name="nudge",
        title="A friendly word to somebody who has not answered",
        when="The {{ programme_team }} presses the button beside those who are silent.",
        to="Whoever is waited for",
        blanks=(
            Blank("partner_name", "the name of whoever has waited longest", "Lena Hart"),
            Blank("count", "how many people wait", "3"),
            Blank(
                "waiting_lines",
                "who waits since when, as a list",
                "- Lena Hart has been waiting since 2 March.\n"
                "- Noor Vane has been waiting since 9 March.",
                needed=True,
                template="mails/nudge_lines.txt",
            ),
        ),
        cases=(
            Case("mentor_one", "to a mentor for whom one waits", {"count": 1, "to_mentor": True}),
            Case("mentor", "to a mentor for whom several wait", {"to_mentor": True}),
            Case("one", "to a mentee who is asked for a change", {"count": 1}),
            Case("", "to a mentee who is asked for several changes", {}),
        ),
    ),
)
