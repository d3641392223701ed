"""How a report is made and how much of a conversation goes with it (pure)."""

LONGEST_REPORT = 4000
LONGEST_NOTE = 4000
REPORTS_A_DAY = 20

BEFORE = 10
AFTER = 5
"""Messages around a reported one that go with it, so that it can be understood."""

LATEST = 30
"""Messages that go with a report about a person, when the reporter lets them."""

MUTE_DAYS = (7, 30, 0)
"""How long a person can be muted; 0 is until somebody lifts it."""
