"""What stands in the database of every test: the shared schema, two institutes, the operators."""

from tenants.bundles.problems import BundleInvalid
from tenants.operators import provision_operators
from tenants.provision import provision
from tenants.services import create_institute
from tenants.upgrade import migrate_public

SLUGS = ("ciltuk", "guided")


def provision_all() -> None:
    """Fill an empty database."""
    migrate_public()
    for slug in SLUGS:
        try:
            provision(slug)
        except BundleInvalid:
            create_institute(slug=slug, name=slug)
    provision_operators()
