"""Cache keys carry the schema by themselves."""

from tenants.context import current_schema


def key(name: str, prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: the schema in force stands in every key. Raises OutsideTenancy."""
    return f"{prefix}:{current_schema()}:{version}:{name}"
