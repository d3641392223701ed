"""What the team of a demo institute tells its members."""

from datetime import datetime, timedelta

from core.accounts.models import Person
from core.kernel import clock
from core.notices import services
from core.notices.models import Notice

EVENING = """\
Come and meet the others: on the **last Thursday of the month**, from six to eight, in the library.

- no programme, no speeches
- something to drink, and people who know why you are here

You need not tell us that you are coming.
"""
GUIDES = """\
There are new guides under **Resources**: short ones, for before, during and after.

Tell the {{ programme_team }} what you miss in them.
"""


def fill(known: dict[str, Person], at: datetime) -> None:
    """One for everybody that stays, one that ends, and a draft."""
    staff = known["staff"]
    for days, title, body, fields in (
        (
            40,
            "New guides to read",
            GUIDES,
            {"link_label": "Read them", "link_url": "/resources/"},
        ),
        (3, "An evening for everybody", EVENING, {"ends": 24}),
        (0, "Training for {{ mentors }} in spring", "Dates follow.", {"audience": "mentor"}),
    ):
        ends = fields.pop("ends", None)
        with clock.frozen(at - timedelta(days=days)):
            last = clock.today() + timedelta(days=int(ends)) if ends else None
            notice = Notice.objects.create(title=title, body=body, last_day=last, **fields)
            if days:
                services.publish(notice, by=staff)
            if days > 30:
                services.mark_read(known["mentor"], [notice])
