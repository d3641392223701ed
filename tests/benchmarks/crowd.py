"""An institute with as many members as wanted and ten years of visits, by set-based statements."""

from typing import Any

from django.db import connection
from django.db.models import Model

from core.accounts.models import Person
from core.insights.models import Searcher
from core.matching.models import Listing
from core.meetings.models import Meeting
from core.mentorships.models import Mentorship, MentorshipStep
from core.profiles.models import Field, Option, Profile, Section
from core.visits.models import DailyVisits
from tests.factories.programmes import ensure_programme

DAYS = 3_650
VISITS_A_DAY = 300
LISTS = (("areas_of_support", 12, True), ("region", 12, False), ("sector", 10, False))


def fill(members: int) -> None:
    """Members, profiles, asks, talks and visits, by statements over series of numbers."""
    ensure_programme()
    Person.objects.create_user(
        "staff", "staff@people.example", "pass", first_name="A", last_name="B",
        is_staff=True, is_superuser=True,
    )  # fmt: skip
    section = Section.objects.create(key="all", label="All")
    Field.objects.all().exclude(section=section).update(active=False)
    for order, (key, number, many) in enumerate(LISTS):
        field = Field.objects.create(
            section=section, key=key, label=key, kind="choices" if many else "choice", order=order
        )
        Option.objects.bulk_create(
            Option(field=field, key=f"{key}_{n}", label=f"{key} {n}", order=n)
            for n in range(number)
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        for model, given, source in _ROWS:
            _insert(cursor, model, given, source, members)
        cursor.execute("ANALYZE")


def _insert(
    cursor: Any, model: type[Model], given: dict[str, str], source: str, members: int
) -> None:
    """A row of the model for each row of the source; what is not given is the field's default."""
    values: dict[str, Any] = {"members": members, "days": DAYS, "a_day": VISITS_A_DAY}
    columns = {}
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if column in given:
            columns[column] = given[column]
        elif field.primary_key:
            columns[column] = "gen_random_uuid()"
        elif not field.null:
            name = f"default_{column}"
            values[name] = field.get_db_prep_save(field.get_default(), connection)
            columns[column] = f"%({name})s"
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
        f" SELECT {', '.join(columns.values())} FROM {source}",
        values,
    )


_Rows = tuple[type[Model], dict[str, str], str]
_ROWS: tuple[_Rows, ...] = (
    (
        Person,
        {
            "username": "'p' || n",
            "email": "'p' || n || '@people.example'",
            "first_name": "'Ansel'",
            "last_name": "'Quill' || n",
            "is_mentor": "n %% 10 < 3",
            "is_mentee": "n %% 10 >= 3",
            "joined_at": "joined",
            "last_login": "joined + random() * (now() - joined)",
        },
        """generate_series(1, %(members)s) AS n CROSS JOIN LATERAL (
            SELECT now() - interval '1 day' * (n %% (%(days)s - 20) + random())
        ) AS j (joined)""",
    ),
    (
        Profile,
        {
            "person_id": "id",
            "role": "CASE WHEN is_mentor THEN 'mentor' ELSE 'mentee' END",
            "answers": """jsonb_build_object(
                'areas_of_support', jsonb_build_array(
                    'areas_of_support_' || floor(random() * 6),
                    'areas_of_support_' || 6 + floor(random() * 6)
                ),
                'region', 'region_' || floor(random() * 12),
                'sector', 'sector_' || floor(random() * 10),
                'about', repeat('A few honest words. ', 20)
            )""",
            "complete": "random() < 0.85",
            "completed_at": "joined_at + interval '1 day'",
            "updated_at": "now()",
        },
        "accounts_person WHERE username <> 'staff'",
    ),
    (
        Listing,
        {
            "person_id": "person_id", "tokens": "''", "listed": "complete",
            "room": "(random() * 3)::int",
        },
        "profiles_profile WHERE role = 'mentor'",
    ),
    (
        Searcher,
        {"person_id": "id", "first_on": "joined_at::date", "last_on": "joined_at::date"},
        "accounts_person WHERE is_mentee AND random() < 0.7",
    ),
    (
        Mentorship,
        {
            "mentor_id": "mentor.id",
            "mentee_id": "mentee.id",
            "state": """(ARRAY[
                'active', 'completed', 'completed', 'ended', 'declined', 'lapsed',
                CASE WHEN random() < 0.05 THEN 'proposed' ELSE 'completed' END
            ])[1 + floor(random() * 7)]""",
            "area": "'areas_of_support_' || mentee.n %% 12",
            "statement": "repeat('A few honest words. ', 30)",
            "sent_at": "sent",
            "waiting_since": "sent",
            "changed_at": "sent + interval '9 days'",
            "answered_at": "sent + interval '1 day' * random() * 20",
        },
        """(
            SELECT id, joined_at, row_number() OVER () AS n FROM accounts_person WHERE is_mentee
        ) AS mentee
        CROSS JOIN generate_series(1, 2) AS turn
        JOIN (
            SELECT id, row_number() OVER () AS n, count(*) OVER () AS total
            FROM accounts_person WHERE is_mentor
        ) AS mentor ON mentor.n = 1 + (mentee.n * 7 + turn * 13) %% mentor.total
        CROSS JOIN LATERAL (
            SELECT mentee.joined_at + (now() - mentee.joined_at) * random() * 0.9
        ) AS s (sent)
        WHERE mentee.n %% 7 < 5""",
    ),
    (
        MentorshipStep,
        {
            "mentorship_id": "id", "action": "step.action", "before": "step.before",
            "after": "step.after", "role": "step.role", "at": "step.at",
        },
        """mentorships_mentorship CROSS JOIN LATERAL (VALUES
            ('send', '', 'proposed', 'mentee', sent_at, true),
            ('accept', 'proposed', 'active', 'mentor', answered_at,
                state IN ('active', 'completed', 'ended')),
            ('decline', 'proposed', 'declined', 'mentor', answered_at, state = 'declined'),
            ('complete', 'active', 'completed', 'mentee', answered_at + interval '90 days',
                state = 'completed')
        ) AS step (action, before, after, role, at, happened) WHERE step.happened""",
    ),
    (
        Meeting,
        {
            "mentorship_id": "id", "arranged_by_id": "mentee_id", "title": "'Talk'",
            "starts_at": "answered_at", "ends_at": "answered_at + interval '1 hour'",
            "time_zone": "'UTC'", "room_key": "id::text",
        },
        "mentorships_mentorship WHERE state IN ('completed', 'ended')",
    ),
    (
        DailyVisits,
        {"day": "current_date - n", "kind": "kind", "count": "%(a_day)s / 4"},
        """generate_series(0, %(days)s - 1) AS n
        CROSS JOIN unnest(ARRAY['guest', 'mentor', 'mentee', 'staff']) AS kind""",
    ),
)  # fmt: skip
