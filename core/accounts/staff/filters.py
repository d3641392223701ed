"""How the list of people is narrowed down."""

from datetime import timedelta

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.rights import ROLE_NAMES

_MEMBER = Q(is_mentor=True) | Q(is_mentee=True)
_CLOSED = Q(is_active=False)
_Named = dict[str, tuple[str, Q]]


class _ByName(SimpleListFilter):
    """A filter whose choices are conditions with names."""

    named: _Named

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(key, label) for key, (label, _condition) in self._choices().items()]

    def queryset(self, request: HttpRequest, rows: QuerySet[Person]) -> QuerySet[Person]:
        chosen = self._choices().get(self.value() or "")
        return rows.filter(chosen[1]) if chosen else rows

    def _choices(self) -> _Named:
        return self.named


class ByRole(_ByName):
    """What they take part as."""

    title = "role"
    parameter_name = "role"
    named: _Named = {
        "mentor": ("Mentors", Q(is_mentor=True)),
        "mentee": ("Mentees", Q(is_mentee=True)),
        "both": ("Both", Q(is_mentor=True, is_mentee=True)),
        "none": ("Neither", ~_MEMBER),
    }


class ByState(_ByName):
    """Whether they may sign in, and who closed the account."""

    title = "account"
    parameter_name = "account"
    named: _Named = {
        "open": ("Open", Q(is_active=True)),
        "team": ("Closed by the team", _CLOSED & Q(closed_by_owner=False, merged_into=None)),
        "own": ("Deleted by themselves", _CLOSED & Q(closed_by_owner=True)),
        "merged": ("Merged into another", _CLOSED & Q(merged_into__isnull=False)),
    }


class ByTeam(_ByName):
    """Whether and as what they are on the programme team."""

    title = "programme team"
    parameter_name = "team"
    named: _Named = {
        "no": ("Not on the team", Q(is_staff=False)),
        "yes": ("On the team", Q(is_staff=True)),
        **{
            role.value: (name, Q(is_staff=True, staff_role=role.value))
            for role, name in ROLE_NAMES.items()
        },
    }


class ByProfile(_ByName):
    """Whether a profile is complete in one of their roles at least."""

    title = "profile"
    parameter_name = "profile"
    named: _Named = {
        "complete": ("Complete", Q(profiles__complete=True)),
        "incomplete": ("Not complete", ~Q(profiles__complete=True) & _MEMBER),
    }

    def queryset(self, request: HttpRequest, rows: QuerySet[Person]) -> QuerySet[Person]:
        found = super().queryset(request, rows)
        return rows.filter(pk__in=found.values("pk")) if self.value() else found


class BySeen(_ByName):
    """When they signed in last."""

    title = "signed in"
    parameter_name = "seen"

    def _choices(self) -> _Named:
        at = now()
        return {
            "week": ("In the last 7 days", Q(last_login__gte=at - timedelta(days=7))),
            "month": ("In the last 30 days", Q(last_login__gte=at - timedelta(days=30))),
            "quarter": ("Not for 90 days", Q(last_login__lt=at - timedelta(days=90))),
            "never": ("Never", Q(last_login=None)),
        }
