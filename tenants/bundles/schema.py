"""Writes the published JSON Schema again: python -m tenants.bundles.schema."""

import json
from pathlib import Path

from tenants.bundles.format import schema

PUBLISHED = Path(__file__).parent / "schema.json"


def text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(text(), encoding="utf-8")
