"""The mails about meetings."""

from core.kernel.letters import Blank, Case, Mail, register

_TITLE = Blank("title", "what the meeting is about", "First conversation")
_PARTNER = Blank("partner_name", "the other’s name", "Samir Okafor")
_FACTS = Blank(
    "meeting_facts",
    "when and where, as a list",
    "- When: Monday 4 May 2026, 10:00 to 11:00, your time (London)\n- Where: The library café",
    needed=True,
    template="mails/meeting_facts.txt",
)

register(
    Mail(
        name="meeting_arranged",
        title="A meeting is arranged",
        when="One of two partners arranges a meeting.",
        to="The other",
        blanks=(_TITLE, _PARTNER, _FACTS),
    ),
    Mail(
        name="meeting_changed",
        title="A meeting is changed",
        when="One of two partners changes a meeting.",
        to="Both",
        blanks=(_TITLE, _PARTNER, _FACTS),
        cases=(
            Case("by_you", "to whoever changed it", {"by_you": True}),
            Case("", "to the other", {}),
        ),
    ),
    Mail(
        name="meeting_cancelled",
        title="A meeting is cancelled",
        when="A meeting is cancelled, or falls away with the relationship.",
        to="Both",
        blanks=(
            _TITLE,
            _PARTNER,
            Blank(
                "when",
                "when it was to be",
                "Monday 4 May 2026, 10:00 to 11:00",
                needed=True,
            ),
            Blank("zone", "the reader’s time zone", "London"),
        ),
        cases=(
            Case("by_you", "to whoever cancelled it", {"by_you": True}),
            Case("by_partner", "to the other", {"by_partner": True, "still_together": True}),
            Case("together", "not by one of the two", {"still_together": True}),
            Case("", "the relationship is over", {}),
        ),
    ),
    Mail(
        name="meeting_reminder",
        title="A meeting is coming up",
        when="Before a meeting.",
        to="Both",
        blanks=(_TITLE, _PARTNER, _FACTS),
    ),
)
