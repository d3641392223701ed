"""What a change of the settings would do, counted on 20,000 members; mails in own words."""

from typing import Any

from django.core.cache import cache
from django.db import transaction

from core.kernel import letters
from core.matching import queries
from core.matching.models import Criterion
from core.matching.queries.comparing import DEEP
from core.matching.queries.criteria import questions_of
from core.matching.queries.ranking import Pool, ranked
from core.matching.rules import wanted_from_answers
from core.mentorships.models import Mentorship
from core.profiles.models import Field, Profile
from core.profiles.services import drawing, foresight
from core.programme.rules import Policies
from core.programme.services import publish, retire, write_mail
from core.programme.services.foresight import foreseen
from tenants.context import tenant_context
from tenants.services import create_institute
from tests.benchmarks import crowd
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, Section, median, seconds

MEMBERS = 20_000
MAILS = 100


def measure() -> Section:
    """Fill an institute, ask what would change, and write mails by both ways in turns."""
    with (
        fresh_database("bench_settings"),
        tenant_context(create_institute(slug="crowd", name="Crowd")),
    ):
        crowd.fill(MEMBERS)
        for order, field in enumerate(Field.objects.filter(active=True)):
            Criterion.objects.create(mentor_field=field, mentee_field=field, order=order)
        rows = list(queries.all_criteria())
        rows[0].weight = 9
        found = queries.compare(rows)
        at_once = seconds(lambda: queries.compare(rows))
        one_by_one = seconds(lambda: _one_by_one(rows, found.sample))
        before = Policies()
        after = Policies(
            lapse_days=5, reminder_days=(2,), open_request_limit=1, profile_gate=False,
            default_capacity=1, full_mentors="shown", second_factor="staff",
        )  # fmt: skip
        rules = median([seconds(lambda: foreseen(before, after)) for _ in range(5)])
        field = Field.objects.get(key="areas_of_support")
        wanted = Field.objects.get(pk=field.pk)
        wanted.required, wanted.visible_to = True, "staff"
        question = median(
            [seconds(lambda: foresight.field_effects(field, wanted)) for _ in range(5)]
        )
        merging = _merging(field)
        plain, own = _mails()
    return Section(
        name="settings",
        title=f"What a change of settings would do, with {MEMBERS:,} members",
        before="one by one",
        after="set-based",
        comparisons=[
            Comparison(
                f"Whom {found.sample} mentees would find first by other weights",
                one_by_one, at_once,
            )
        ],
        limits=[
            Limit("The same: the whole preview", at_once, 5, "s"),
            Limit("What other rules would do (ten counts)", rules * 1000, 1000, "ms"),
            Limit("What another question would do", question * 1000, 500, "ms"),
            Limit("Merging two answers of a question", merging * 1000, 10_000, "ms"),
            Limit("A mail in own words, of one in the product's", own / plain, 1.5, "times"),
        ],
        notes=[
            f"{Mentorship.__name__}s, profiles and listings are those of the dashboard's crowd. "
            "One by one: two searches a mentee, as the search page asks.",
            f"Mails: {MAILS} of each kind in turns, cached settings.",
        ],
    )  # fmt: skip


def _one_by_one(rows: list[Criterion], sample: int) -> None:
    profiles = Profile.objects.filter(role="mentee", complete=True)[:sample]
    for asked in (queries.questions(), questions_of(rows)):
        for profile in profiles:
            wanted = wanted_from_answers(asked, profile.answers)
            ranked(Pool(profile.person_id), wanted, offset=0, limit=DEEP)


def _merging(field: Field) -> float:
    """The act itself: bringing the index of mentors in line is a task's work, after it."""
    one, other = field.options.all()[:2]
    with transaction.atomic():
        return seconds(lambda: drawing.merge_options(one, other, by=None))  # type: ignore[arg-type]


def _mails() -> tuple[float, float]:
    mail = letters.known("request_accepted")
    context: dict[str, Any] = {"mentor_name": "Samir Okafor", "contact": {}, "page": "https://a.b/"}
    times: list[list[float]] = [[], []]
    text = {"subject": "Good news", "body": "From {{ mentor_name }}.\n\n{{ contact_details }}",
            "button_label": "Open"}  # fmt: skip
    for turn in range(2 * MAILS):
        way = turn // (MAILS // 4) % 2
        if turn % (MAILS // 4) == 0:
            _say(way, text)
        times[way].append(seconds(lambda: _write(context)))
    assert mail is not None
    return median(times[0]), median(times[1])


def _say(way: int, text: dict[str, str]) -> None:

    if way:
        publish(letters.KIND, "request_accepted", text)
    else:
        retire(letters.KIND, "request_accepted")
    cache.clear()
    _write({"mentor_name": "Warm", "contact": {}, "page": "https://a.b/"})


def _write(context: dict[str, Any]) -> None:
    with transaction.atomic():
        write_mail(
            template="mails/request_accepted",
            to=("Lena Hart", "lena@hart.example"),
            context=context,
            kind="request_accepted",
        )
