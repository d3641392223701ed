"""The mails about erasing what is stored about somebody."""

from core.kernel.letters import Blank, Case, Mail, register

register(
    Mail(
        name="erasure_confirm",
        title="Do you want everything about you erased?",
        when="A member asks to be erased.",
        to="The member",
        blanks=(Blank("days", "within how many days to confirm", "3", needed=True),),
    ),
    Mail(
        name="erasure_asked",
        title="A member asks to be erased",
        when="A member has confirmed that they want to be erased.",
        to="The {{ programme_team }}",
        blanks=(Blank("due_on", "the day by which it is to be settled", "2 April 2026"),),
    ),
    Mail(
        name="erasures_waiting",
        title="People wait to be erased",
        when="The month in which somebody has to be erased runs out.",
        to="The {{ programme_team }}",
        blanks=(
            Blank("count", "how many wait", "3"),
            Blank("overdue", "how many of them are overdue", "1"),
        ),
        cases=(
            Case("one", "one is waiting", {"count": 1, "overdue": 0}),
            Case("one_overdue", "one is overdue", {"count": 1, "overdue": 1}),
            Case("several", "several are waiting", {"overdue": 0}),
            Case("", "several are waiting, and some are overdue", {}),
        ),
    ),
    Mail(
        name="erasure_refused",
        title="You asked to be erased",
        when="The {{ programme_team }} refuses to erase somebody.",
        to="The member",
        blanks=(Blank("reason", "why", "A dispute is open.", needed=True),),
    ),
    Mail(
        name="erasure_done",
        title="Your data is erased",
        when="Everything about somebody was erased.",
        to="The former member",
        blanks=(
            Blank("number", "the number of the receipt", "4F2A91C07B", needed=True),
            Blank("done_on", "the day", "2 March 2026"),
            Blank("rows", "how many records went or were emptied", "412"),
            Blank("files", "how many files went", "3"),
        ),
    ),
    Mail(
        name="data_copy_ready",
        title="Your copy of what is stored about you is ready",
        when="A copy of everything that is stored about a member is made.",
        to="The member",
        blanks=(Blank("until", "the last day on which it can be fetched", "9 March 2026"),),
        cases=(
            Case("team", "the team had it made", {"asked_for_by_team": True}),
            Case("", "the member had it made", {}),
        ),
    ),
)
