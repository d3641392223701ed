"""Issued records, without their files."""

from core.accounts.models import Person
from core.cpd import rules
from core.cpd.models import Issued
from core.kernel.clock import today


def make_issued(member: Person) -> Issued:
    """A row."""
    return Issued.objects.create(
        member=member,
        code=rules.new_code(),
        name=member.full_name,
        scheme="Learning log",
        first_day=today(),
        last_day=today(),
        minutes=90,
        lines=[],
        stored_as="cpd/none.pdf",
        digest="0" * 64,
    )
