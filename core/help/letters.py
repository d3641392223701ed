"""The mails about messages to the programme team."""

from core.kernel.letters import Blank, Case, Mail, register

_ASKED = Blank("asked", "the subject of the message", "How do I change my e-mail address?")
_MESSAGE = Blank("message", "the message", "I have moved to another company.\nWhat do I do?")
_WRITTEN = Blank("written_on", "the day of the message", "2 March 2026")
_DAYS = Blank("days", "within how many days a complaint is confirmed", "30")

register(
    Mail(
        name="enquiry_received",
        title="A message to the team",
        when="Somebody uses the contact form.",
        to="The {{ programme_team }}",
        blanks=(
            _ASKED,
            _MESSAGE,
            Blank("sender_name", "who wrote", "Lena Hart"),
            Blank("sender_email", "their address", "lena@hart.example"),
            Blank("not_signed_in", "“not signed in”, of strangers", "not signed in", optional=True),
            _DAYS,
        ),
        cases=(
            Case("complaint", "a complaint about personal data", {"is_complaint": True}),
            Case("problem", "a problem with the site", {"is_problem": True}),
            Case("", "a question", {}),
        ),
    ),
    Mail(
        name="enquiry_confirmed",
        title="Your message has arrived",
        when="Somebody has used the contact form.",
        to="Whoever wrote",
        blanks=(_ASKED, _DAYS),
        cases=(
            Case(
                "known_complaint",
                "a member complains about personal data",
                {"known": True, "is_complaint": True},
            ),
            Case("known", "a member wrote", {"known": True}),
            Case(
                "complaint",
                "somebody who is not signed in complains about personal data",
                {"is_complaint": True},
                lacks=("asked",),
            ),
            # What a stranger typed goes to nobody whose address they gave.
            Case("", "somebody who is not signed in wrote", {}, lacks=("asked",)),
        ),
    ),
    Mail(
        name="complaint_acknowledged",
        title="We are looking into your complaint",
        when="The {{ programme_team }} confirms a complaint.",
        to="Whoever wrote",
        blanks=(_ASKED, _WRITTEN),
    ),
    Mail(
        name="enquiry_answered",
        title="Answer to a message",
        when="The {{ programme_team }} answers a message.",
        to="Whoever wrote",
        blanks=(
            Blank("answer", "the answer", "You can change it under Edit account.", needed=True),
            _ASKED,
            _MESSAGE,
            _WRITTEN,
        ),
    ),
    Mail(
        name="complaints_waiting",
        title="Complaints are waiting",
        when="The time to confirm a complaint runs out.",
        to="The {{ programme_team }}",
        blanks=(
            Blank("count", "how many complaints wait", "3"),
            Blank("overdue", "how many of them are overdue", "1"),
            _DAYS,
        ),
        cases=(
            Case("one", "one is waiting", {"count": 1, "overdue": 0}),
            Case("one_overdue", "one is overdue", {"count": 1, "overdue": 1}),
            Case("several", "several are waiting", {"overdue": 0}),
            Case("", "several are waiting, and some are overdue", {}),
        ),
    ),
)
