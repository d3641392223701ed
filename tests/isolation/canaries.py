"""A row in every table of an institute, and in every text of every row a mark found nowhere else.

Rows are made from the fields themselves, so a new model is covered without being named here. A
model whose rules a made-up row cannot meet fails loudly and gets a recipe.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db import connection, models

from core.accounts.models import Person
from core.kernel.clock import now
from core.programme.models import Edition

Row = models.Model
Recipe = Callable[[str], Row]
RECIPES: dict[str, Recipe] = {}

# Texts that code reads as a key or address rather than shows; their rows carry marks elsewhere.
STRUCTURAL = {
    "session_key", "session_data", "codename", "app_label", "model", "key", "state", "role",
    "schema_name", "kind", "slug", "password", "time_zone", "username", "applied", "digest",
}  # fmt: skip


def tenant_models() -> list[type[Row]]:
    """Every concrete model with a table in an institute's schema."""
    labels = {name.rpartition(".")[2] for name in settings.TENANT_APPS}
    return [
        model
        for config in apps.get_app_configs()
        if config.label in labels
        for model in config.get_models()
        if model._meta.managed and not model._meta.proxy
    ]


def recipe(label: str) -> Callable[[Recipe], Recipe]:
    """Register how a row of the model `label` is made."""

    def register(make: Recipe) -> Recipe:
        RECIPES[label] = make
        return make

    return register


def person(mark: str, **fields: Any) -> Person:
    """A person whose name and addresses carry the mark."""
    count = Person.objects.count()
    return Person.objects.create_user(
        f"{mark.lower()}{count}",
        f"{mark.lower()}{count}@mail.example",
        "correct horse battery",
        **{"first_name": f"{mark}first", "last_name": f"{mark}last", **fields},
    )


def fill(mark: str) -> dict[str, list[str]]:
    """Give every table a row and every text a mark; returns {model label: [keys]}."""
    for model in tenant_models():
        if not model._default_manager.exists():
            RECIPES.get(model._meta.label, lambda text, model=model: made(model, text))(mark)
    for model in tenant_models():
        _mark_texts(model, mark)
    return keys()


def keys() -> dict[str, list[str]]:
    """The keys of the first rows of every table."""
    return {
        model._meta.label: [
            str(key) for key in model._default_manager.values_list("pk", flat=True)[:3]
        ]
        for model in tenant_models()
    }


def made(model: type[Row], mark: str) -> Row:
    """A row whose required fields are filled from their own description."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.has_default() or getattr(field, "auto_now", False):
            continue
        if field.generated:
            continue
        if field.null and not isinstance(field, models.ForeignKey):
            continue
        if isinstance(field, models.ForeignKey):
            values[field.name] = _related(field, mark)
        else:
            values[field.name] = _value(field, mark)
    return model._default_manager.create(**values)


def _related(field: models.ForeignKey[Any, Any], mark: str) -> Any:
    target = field.related_model
    assert isinstance(target, type)
    if issubclass(target, Person):
        return person(mark)
    found = target._default_manager.first()
    return found if found is not None else made(target, mark)


def _value(field: models.Field[Any, Any], mark: str) -> Any:
    if field.choices:
        return next(iter(dict(field.flatchoices)))
    if isinstance(field, models.EmailField):
        return f"{mark.lower()}@mail.example"
    if isinstance(field, models.SlugField):
        return mark.lower()
    if isinstance(field, models.CharField | models.TextField):
        return mark[: field.max_length or None]
    if isinstance(field, models.DateTimeField):
        return now() + timedelta(days=3)
    if isinstance(field, models.DateField):
        return now().date()
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
        return 1
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.FileField):
        return ContentFile(mark.encode(), name=f"{mark}.txt")
    if isinstance(field, models.UUIDField):
        return Person.objects.values_list("pk", flat=True).first()
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.7"
    raise TypeError(f"{field}: the battery needs a recipe for this kind of field")


def text_fields(model: type[Row]) -> Iterator[models.Field[Any, Any]]:
    """The fields of a model that hold words for people."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        if is_text and not field.choices and not field.primary_key and field.name not in STRUCTURAL:
            yield field


def _mark_texts(model: type[Row], mark: str) -> None:
    for field in text_fields(model):
        for row in model._default_manager.all()[:20]:
            old = getattr(row, field.attname)
            new = marked(old, mark, field)
            if new != old:
                model._default_manager.filter(pk=row.pk).update(**{field.attname: new})


def marked(value: Any, mark: str, field: models.Field[Any, Any] | None = None) -> Any:
    """The value with the mark in every text that is more than one word."""
    if isinstance(value, dict):
        return {key: marked(item, mark) for key, item in value.items()}
    if isinstance(value, list):
        return [marked(item, mark) for item in value]
    if not isinstance(value, str) or mark.lower() in value.lower():
        return value
    if isinstance(field, models.EmailField):
        return f"{mark.lower()}.{value}"[-254:] if value else value
    if " " not in value.strip():
        return value
    room = (field.max_length if field is not None else None) or 10_000
    return value[: room - len(mark) - 1] + " " + mark


def digest() -> str:
    """A mark of everything that stands in the schema in force."""
    total = hashlib.sha256()
    with connection.cursor() as cursor:
        for model in tenant_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                "select coalesce(md5(string_agg(r::text, '|' order by r::text)), '')"
                f" from {table} r"
            )
            total.update(json.dumps([table, cursor.fetchone()]).encode())
    return total.hexdigest()


def count_from(number: int) -> None:
    """Let every numeric key of the schema in force begin at `number`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select quote_ident(sequencename) from pg_sequences where schemaname = current_schema()"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"alter sequence {name} restart with {int(number)}")


@recipe("resources.Video")
def _video(mark: str) -> Row:
    """A video is here or elsewhere, never both."""
    video: Any = apps.get_model("resources", "Video")
    made: Row = video._default_manager.create(
        guide=_related(video._meta.get_field("guide"), mark),
        title=f"{mark} talks",
        link=f"https://{mark.lower()}.example/talk",
        transcript=f"Hello, {mark}.",
    )
    return made


@recipe("journey.Run")
def _run(mark: str) -> Row:
    """Two are on a road; another setting that has versions would not do."""
    run: Any = apps.get_model("journey", "Run")
    made: Row = run._default_manager.create(
        mentorship=_related(run._meta.get_field("mentorship"), mark),
        edition=Edition.objects.filter(kind="journey")[0],
    )
    return made


@recipe("journey.Sheet")
def _sheet(mark: str) -> Row:
    """An activity that the road has."""
    sheet: Any = apps.get_model("journey", "Sheet")
    run: Any = apps.get_model("journey", "Run")._default_manager.get()
    stage = run.plan.stages[0]
    made: Row = sheet._default_manager.create(
        run=run,
        activity=stage.activities[0].key,
        number=1,
        answers={stage.activities[0].questions[0].key: f"{mark} wrote this"},
    )
    return made


@recipe("journey.PlanDraft")
def _plan_draft(mark: str) -> Row:
    """A road that can be drawn."""
    draft: Any = apps.get_model("journey", "PlanDraft")
    road = Edition.objects.filter(kind="journey")[0].document
    made: Row = draft._default_manager.create(document={**road, "tips": f"{mark} gives tips"})
    return made


@recipe("feedback.Invitation")
def _invitation(mark: str) -> Row:
    """Somebody is asked with a survey; another setting that has versions would not do."""
    invitation: Any = apps.get_model("feedback", "Invitation")
    made: Row = invitation._default_manager.create(
        mentorship=_related(invitation._meta.get_field("mentorship"), mark),
        person=person(mark),
        role="mentee",
        survey=Edition.objects.filter(kind="survey", key="completion")[0],
        draft={"concern": f"{mark} wrote this"},
    )
    return made


@recipe("canvases.Sheet")
def _canvas(mark: str) -> Row:
    """A canvas of a design that is one; other settings have versions too."""
    sheet: Any = apps.get_model("canvases", "Sheet")
    somebody = person(mark)
    made: Row = sheet._default_manager.create(
        mentorship=_related(sheet._meta.get_field("mentorship"), mark),
        edition=Edition.objects.filter(kind="canvas", key="swot")[0],
        kind="swot",
        title=f"{mark} at work",
        texts={"strengths": f"{mark} wrote this"},
        made_by=somebody,
        changed_by=somebody,
    )
    return made


@recipe("canvases.Aside")
def _aside(mark: str) -> Row:
    """A text beside a box that the canvas has."""
    aside: Any = apps.get_model("canvases", "Aside")
    made: Row = aside._default_manager.create(
        sheet=_related(aside._meta.get_field("sheet"), mark),
        person=person(mark),
        key="strengths",
        text=f"{mark} wrote this too",
    )
    return made


@recipe("pairing.Pool")
def _pool(mark: str) -> Row:
    """A draft that can be looked at and published."""
    pool: Any = apps.get_model("pairing", "Pool")
    made: Row = pool._default_manager.create(
        state="draft", words=f"{mark} brings you together", made_by=person(mark)
    )
    return made


@recipe("notices.Notice")
def _notice(mark: str) -> Row:
    """One that members read."""
    notice: Any = apps.get_model("notices", "Notice")
    made: Row = notice._default_manager.create(
        title=f"{mark} has news", body=f"{mark} wrote this", state="published"
    )
    return made


@recipe("theming.LookVersion")
def _look_version(mark: str) -> Row:
    """A look that was chosen by somebody."""
    version: Any = apps.get_model("theming", "LookVersion")
    made: Row = version._default_manager.create(
        number=1, css_digest="0" * 20, icon_digest="0" * 20, chosen_by_name=f"{mark} chose this"
    )
    return made


@recipe("bridges.Provider")
def _provider(mark: str) -> Row:
    """One whose button strangers see."""
    provider: Any = apps.get_model("bridges", "Provider")
    made: Row = provider._default_manager.create(
        key="society",
        kind="oidc",
        name=f"{mark} Society",
        button=f"Sign in with {mark}",
        state="on",
        issuer=f"https://{mark.lower()}.example",
        address=f"https://{mark.lower()}.example",
        client_id=mark,
    )
    return made
