"""What stands in the database of every test: shared schema, shipped institutes, operators."""

from tenants.bundles.reading import shipped_names
from tenants.operators import provision_operators
from tenants.provision import provision
from tenants.upgrade import migrate_public


def provision_all() -> None:
    """Fill an empty database."""
    migrate_public()
    for slug in shipped_names():
        provision(slug)
    provision_operators()
