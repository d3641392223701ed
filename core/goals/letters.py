"""The mails about goals."""

from core.kernel.letters import Blank, Mail, register

register(
    Mail(
        name="goal_reminder",
        title="Your goal is due",
        when="Some days before the date of a goal (the rules of the programme say how many).",
        to="The owner of the goal",
        blanks=(
            Blank("label", "the goal", "Speak at the spring meeting", needed=True),
            Blank("due", "when it is due", "in 3 days"),
            Blank("day", "the date of the goal", "4 May 2026"),
            Blank("partner_name", "the other’s name", "Samir Okafor"),
        ),
    ),
)
