"""The published JSON Schema and the models say the same."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from tenants.bundles import schema
from tenants.bundles.format import schema as generated
from tenants.bundles.reading import shipped, shipped_names


def checker(part: str) -> Any:
    whole = generated()
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": whole["$defs"]})


def test_published_schema_is_what_the_models_say() -> None:
    assert schema.PUBLISHED.read_text(encoding="utf-8") == schema.text(), (
        "write it again: python -m tenants.bundles.schema"
    )


def test_published_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(generated())


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_bundle_satisfies_the_published_schema(name: str) -> None:
    folder = shipped(name)
    checker("InstituteFile").validate(yaml.safe_load((folder / "institute.yaml").read_text()))
    for kind, part in (("faqs", "FaqFront"), ("guides", "GuideFront"), ("pages", "PageFront")):
        for file in (folder / kind).glob("*.md"):
            head = file.read_text().split("---\n")[1]
            checker(part).validate(yaml.safe_load(head))


def test_schema_refuses_an_unknown_key() -> None:
    data = yaml.safe_load((shipped("uhb") / "institute.yaml").read_text())
    data["colour"] = "blue"
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        checker("InstituteFile").validate(data)
