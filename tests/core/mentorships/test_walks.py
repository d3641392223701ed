"""Any walk through the services keeps to the pure table, row by row, history and mail included."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import sampled_from

from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry, OutboxMail
from core.matching.models import Listing
from core.mentorships import permissions, queries, services, states
from core.mentorships.models import Mentorship
from core.mentorships.states import OPEN, Action, State
from tests.core.mentorships.test_services import send, set_policy
from tests.factories.mentorships import (
    STATEMENT,
    an_area,
    make_mentee,
    make_mentor,
    make_person,
    make_profile,
)

pytestmark = pytest.mark.django_db

_numbers = count(1)


def _words() -> dict[str, str]:
    return {"area": an_area(), "statement": f"{STATEMENT} {next(_numbers)}"}


SERVICES: dict[Action, Callable[..., Mentorship]] = {
    Action.EDIT: lambda row, by: services.edit(row, **_words(), by=by),
    Action.ASK_CHANGES: lambda row, by: services.ask_changes(row, note="More, please.", by=by),
    Action.REVISE: lambda row, by: services.revise(row, **_words(), by=by),
    Action.ACCEPT: services.accept,
    Action.DECLINE: services.decline,
    Action.WITHDRAW: services.withdraw,
    Action.REOPEN: services.reopen,
    Action.INVITE_BACK: lambda row, by: services.invite_back(row, note="Shall we?", by=by),
    Action.GO_ON: services.go_on,
    Action.MARK_DONE: services.mark_done,
    Action.TAKE_BACK: services.take_back,
    Action.COMPLETE: services.complete,
    Action.END: services.end,
}
MAILS = dict.fromkeys([Action.SEND, *SERVICES], 1) | {
    Action.ACCEPT: 2, Action.LAPSE: 2, Action.MATCH: 2, Action.PROPOSE: 2,
}  # fmt: skip


class Walk(RuleBasedStateMachine):
    """Two mentees, two mentors of whom one also asks, one place each; whoever does whatever."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: Any = transaction.atomic()
        self.frame.__enter__()
        self.model: dict[Any, State] = {}
        self.deeds: list[Action] = []

    @initialize(
        negotiation=sampled_from(["ask_for_changes", "message_first"]),
        who_completes=sampled_from(["each", "either", "mentor_when_asked", "mentor", "mentee"]),
    )
    def meet(self, negotiation: str, who_completes: str) -> None:
        set_policy(negotiation=negotiation, who_completes=who_completes)
        both = make_mentor(capacity=1, is_mentee=True)
        make_profile(both, "mentee")
        self.mentors = [both, make_mentor(capacity=1)]
        self.member = make_person(is_staff=True)
        self.people = [*self.mentors, make_mentee(), make_mentee()]
        self.mails = OutboxMail.objects.count()
        self.audit = AuditEntry.objects.count()

    @rule(who=sampled_from(range(4)), whom=sampled_from(range(2)))
    def ask(self, who: int, whom: int) -> None:
        person, mentor = self.people[who], self.mentors[whom]
        try:
            sent = send(mentor=mentor, by=person)
        except RuleBroken:
            return
        assert person.is_mentee
        assert person != mentor
        self.model[sent.pk] = states.next_state(None, Action.SEND)
        self.deeds.append(Action.SEND)

    @rule(
        who=sampled_from(range(4)),
        whom=sampled_from(range(2)),
        action=sampled_from([Action.MATCH, Action.PROPOSE]),
    )
    def bring_together(self, who: int, whom: int, action: Action) -> None:
        mentee, mentor = self.people[who], self.mentors[whom]
        at_once, pair = action is Action.MATCH, (mentor.pk, mentee.pk)
        refused = services.obstacles([pair], at_once=at_once, by=self.member)
        try:
            made = services.match(
                mentor=mentor, mentee=mentee, **_words(), at_once=at_once, by=self.member
            )
        except RuleBroken:
            assert pair in refused
            return
        assert not refused
        self.model[made.pk] = states.next_state(None, action)
        self.deeds.append(action)

    @rule(
        which=sampled_from(range(6)),
        who=sampled_from(range(4)),
        action=sampled_from(list(SERVICES)),
    )
    def answer(self, which: int, who: int, action: Action) -> None:
        if not self.model:
            return
        key = list(self.model)[which % len(self.model)]
        row = Mentorship.objects.get(pk=key)
        person = self.people[who]
        role = permissions.role_of(person, row)
        possible = services.available_actions(person, row)
        service = SERVICES[action]
        if action is Action.MARK_DONE and Action.COMPLETE in possible and action not in possible:
            action = Action.COMPLETE  # the second of two who mark it completes
        offered = action in possible
        try:
            service(row, by=person)
        except RuleBroken:
            assert not offered
            return
        assert offered
        assert role in states.step(self.model[key], action).by
        self.model[key] = states.next_state(self.model[key], action)
        self.deeds.append(action)

    @rule(which=sampled_from(range(6)))
    def let_time_run_out(self, which: int) -> None:
        keys = [key for key, state in self.model.items() if state is State.PROPOSED]
        if not keys:
            return
        key = keys[which % len(keys)]
        Mentorship.objects.filter(pk=key).update(waiting_since=now() - timedelta(days=22))
        assert services.climb() == (1, 0)
        self.model[key] = states.next_state(State.PROPOSED, Action.LAPSE)
        self.deeds.append(Action.LAPSE)

    @invariant()
    def rows_stand_where_the_table_says(self) -> None:
        rows = Mentorship.objects.filter(pk__in=self.model)
        assert {row.pk: row.state for row in rows} == self.model

    @invariant()
    def history_ends_where_the_row_stands(self) -> None:
        for key, state in self.model.items():
            steps = list(Mentorship.objects.get(pk=key).steps.all())
            assert steps[-1].after == state
            for one, following in pairwise(steps):
                assert one.after == following.before

    @invariant()
    def every_deed_left_its_mails_and_its_audit(self) -> None:
        if hasattr(self, "mails"):
            assert OutboxMail.objects.count() - self.mails == sum(MAILS[d] for d in self.deeds)
            assert AuditEntry.objects.count() - self.audit == len(self.deeds)

    @invariant()
    def nobody_has_more_mentees_than_places(self) -> None:
        for mentor in getattr(self, "mentors", []):
            active = queries.active_count(mentor)
            assert active <= 1
            assert Listing.objects.get(person=mentor).room == 1 - active

    @invariant()
    def no_two_open_ones_in_one_direction(self) -> None:
        rows = Mentorship.objects.filter(pk__in=self.model, state__in=OPEN)
        pairs = [(row.mentor_id, row.mentee_id) for row in rows]
        assert len(pairs) == len(set(pairs))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)


def test_any_walk_keeps_rows_history_mails_and_places_true(django_db_setup: None) -> None:
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
