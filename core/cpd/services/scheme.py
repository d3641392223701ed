"""The programme team names the scheme, or takes it away."""

from django.db import transaction

from core.accounts.models import Person
from core.cpd.rules import KEY, KIND, Scheme
from core.kernel import audit
from core.programme.models import Edition
from core.programme.queries import edition
from core.programme.services import publish, retire


@transaction.atomic
def set_scheme(scheme: Scheme | None, *, by: Person) -> None:
    """Put a scheme into force; None takes the records off the site."""
    if scheme is not None:
        publish(KIND, KEY, scheme.model_dump(mode="json"), by=by)
        return
    standing: Edition | None = edition(KIND, KEY)
    if standing is not None:
        retire(KIND, KEY)
        audit.record("cpd.retired", thing=standing, by=by)
