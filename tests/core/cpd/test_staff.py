"""The programme team names the scheme; records are not theirs to read."""

import pytest

from core.cpd import queries
from core.cpd.models import Choice, Issued, OwnLine
from core.kernel.models import AuditEntry
from core.kernel.staff import staff_site
from tests.core.cpd.conftest import Visit
from tests.factories.mentorships import make_mentor

pytestmark = pytest.mark.django_db


def test_team_names_the_scheme_and_takes_it_away(visit: Visit) -> None:
    browser = visit(make_mentor(is_staff=True, is_superuser=True))
    assert "Learning log" in browser.get("/staff/cpd/").content.decode()
    form = {"scheme": "Hours that count", "link": "https://hours.example/", "hours_target": "12"}
    browser.post("/staff/cpd/", form)
    found = queries.scheme()
    assert found is not None
    assert (found.scheme, found.hours_target) == ("Hours that count", 12)
    refused = browser.post("/staff/cpd/", {**form, "link": "javascript:alert(1)"})
    assert refused.status_code == 422
    browser.post("/staff/cpd/", {"scheme": ""})
    assert queries.scheme() is None
    assert {"cpd.published", "cpd.retired"} <= set(
        AuditEntry.objects.values_list("verb", flat=True)
    )


def test_staff_site_shows_no_records(visit: Visit) -> None:
    assert not {Choice, OwnLine, Issued} & set(staff_site._registry)
    assert visit(make_mentor()).get("/staff/cpd/").status_code == 404
