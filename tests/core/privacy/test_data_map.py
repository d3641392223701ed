"""The map of personal data leaves nothing out (product A12)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from core.kernel import map_flaws, personal
from core.kernel.clock import now
from core.kernel.personal import Kind

ENTRIES = personal.everything()


def tables() -> Iterator[type[Model]]:
    """Every table of a tenant, those between two models too."""
    for config in apps.get_app_configs():
        if config.name in settings.TENANT_APPS:
            for model in config.get_models(include_auto_created=True):
                if model._meta.managed and not model._meta.proxy:
                    yield model


def missing(models: list[type[Model]], labels: set[str]) -> list[str]:
    """Fields of tables that are not on the map at all."""
    return [
        f"{model._meta.label}.{one.name} is not on the map"
        for model in models
        if model._meta.label not in labels
        for one in model._meta.local_fields
    ]


def test_every_table_is_on_the_map() -> None:
    models = list(tables())
    labels = {one.label for one in ENTRIES}
    assert len(models) > 90
    assert missing(models, labels) == []
    assert labels <= {model._meta.label for model in models}


def test_every_field_is_on_the_map_once_and_every_path_leads_to_a_person() -> None:
    assert [flaw for one in ENTRIES for flaw in map_flaws.flaws(one)] == []


def test_a_planted_table_without_an_entry_is_found() -> None:
    goal = apps.get_model("goals.Goal")
    labels = {one.label for one in ENTRIES} - {"goals.Goal"}
    assert "goals.Goal.label is not on the map" in missing(list(tables()), labels)
    assert len(missing(list(tables()), labels)) == len(goal._meta.local_fields)


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"fields": {"label": Kind.WORDS}}, "goals.Goal.details is not on the map"),
        ({"withheld": {"lable": "?"}}, "goals.Goal.lable is on the map and not in the model"),
        ({"people": ()}, "goals.Goal.owner is the key of a person and not sorted"),
        ({"named": ("owner",)}, "goals.Goal.owner is sorted twice"),
        ({"people": ("owner", "keeper")}, "goals.Goal.keeper does not lead to a person"),
        ({"people": ("owner", "mentorship")}, "goals.Goal.mentorship does not lead to a person"),
        (
            {"people": ("owner", "milestones__goal__owner")},
            "goals.Goal.milestones__goal__owner does not lead to a person",
        ),
    ],
)  # fmt: skip
def test_a_planted_fault_in_an_entry_is_named(change: dict[str, object], flaw: str) -> None:
    entry = replace(personal.kept_as("goals.Goal"), **change)  # type: ignore[arg-type]
    assert flaw in list(map_flaws.flaws(entry))


def test_no_secret_is_of_another_kind_too() -> None:
    """Whatever is named like a key of a lock is a secret, unless the map says what it is."""
    suspicious = ("password", "secret", "token", "session_key", "session_data", "room_key")
    wrong = [
        f"{one.label}.{name}"
        for one in ENTRIES
        for name, kind in one.fields.items()
        if any(word in name for word in suspicious)
        if kind is not Kind.SECRET and (one.label, name) != ("matching.Listing", "tokens")
    ]
    assert wrong == []


def test_every_bare_key_of_a_person_is_known() -> None:
    """Columns that hold a person's key without being a foreign key lead somewhere on the map."""
    known = {
        f"{one.label}.{path}"
        for one in ENTRIES
        for path in (*one.people, *one.unseen, *one.belongs.values())
    }
    assert {
        "kernel.AuditEntry.actor_id",
        "kernel.AuditEntry.behind_id",
        "kernel.Paper.owner_id",
        "kernel.Job.owner_id",
        "feedback.Reply.respondent",
        "people.ImportRow.person_key",
    } <= known


@pytest.mark.django_db
def test_every_rule_of_retention_is_told_where_its_rows_are_shown() -> None:
    rules = personal.retentions()
    assert {one.retention for one in ENTRIES if one.retention} <= set(rules)
    told = {one.label: one for one in ENTRIES if one.about_people}
    for rule in rules.values():
        label = rule.due(now()).model._meta.label
        if label in told and label != "accounts.Person":  # begins when somebody leaves
            assert told[label].retention == rule.key or told[label].kept_for, label


def test_an_entry_cannot_be_half_written() -> None:
    goal = personal.kept_as("goals.Goal")
    with pytest.raises(ValueError, match="on the map of personal data already"):
        personal.keeps(replace(goal, title="Other goals"))
    with pytest.raises(ValueError, match="what it is, what for, and who sees it"):
        personal.keeps(replace(goal, label="goals.Other", purpose=""))
    with pytest.raises(ValueError, match="say nothing about anybody"):
        personal.keeps(replace(goal, label="goals.Other", none_because=""))
    with pytest.raises(ValueError, match="two kinds"):
        personal.kinds(words="label", activity="label")
