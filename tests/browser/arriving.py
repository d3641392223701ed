"""Somebody who has registered and confirmed the address, made inside the running product.

`steps.arrived` calls `arrange` there: the tests themselves have another database.
"""

from typing import Any

from core.accounts.services import create_person
from core.resources.queries import unread_required
from core.resources.services import mark_read
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute


def arrange(slug: str, role: str, **account: Any) -> None:
    """The account, and the guides read that come before the profile."""
    with platform_scope():
        institute = Institute.objects.get(slug=slug)
    with tenant_context(institute):
        person = create_person(**account, is_mentor=role == "mentor", is_mentee=role == "mentee")
        for guide in unread_required(person, role):
            mark_read(guide, by=person)
