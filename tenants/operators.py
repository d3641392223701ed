"""The operators' site: a schema of its own, with the console's pages and the operators' accounts.

Source: trust, "Operators live in a schema of their own with the console's URL conf".
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from core.accounts.models import Person
from core.accounts.services import create_person
from core.kernel import audit
from tenants import services
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute, Kind
from tenants.names import OPERATORS_SLUG


def provision_operators(*, name: str = "Operators") -> tuple[Institute, bool]:
    """The operators' site, made when it is not there; and whether it is new."""
    with platform_scope():
        there = Institute.objects.filter(kind=Kind.OPERATORS).first()
    if there is not None:
        return there, False
    made = services.create_institute(slug=OPERATORS_SLUG, name=name, kind=Kind.OPERATORS)
    return made, True


def forget_second_step(username: str) -> bool:
    """Let an operator whose phone is lost set up a new second step at the next sign-in.

    False when nobody has the username. Every session of theirs ends. Raises
    Institute.DoesNotExist before `provision_operators`.
    """
    with platform_scope():
        site = Institute.objects.get(kind=Kind.OPERATORS)
    with tenant_context(site), transaction.atomic():
        operator = Person.objects.filter(username=username.lower()).first()
        if operator is None:
            return False
        Authenticator.objects.filter(user=operator).delete()
        for session in Session.objects.all():
            if session.get_decoded().get(SESSION_KEY) == str(operator.pk):
                session.delete()
        audit.record("operator.second_step_forgotten", thing=operator)
    return True


def add_operator(
    *, username: str, email: str, password: str, first_name: str = "", last_name: str = ""
) -> tuple[Person, bool]:
    """An operator who may sign in, made when nobody has the username; and whether they are new.

    Raises Institute.DoesNotExist before `provision_operators`.
    """
    with platform_scope():
        site = Institute.objects.get(kind=Kind.OPERATORS)
    with tenant_context(site), transaction.atomic():
        there = Person.objects.filter(username=username.lower()).first()
        if there is not None:
            return there, False
        made = create_person(
            username=username,
            email=email,
            password=password,
            is_staff=True,
            is_superuser=True,
            time_zone=settings.TIME_ZONE,
            first_name=first_name,
            last_name=last_name,
        )
    return made, True
