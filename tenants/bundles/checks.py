"""What one key alone cannot show: names that must exist, things that must not be there twice.

The checks read the plain data, so that they speak even while other parts are wrong; what the
shape itself refuses (a text where a list belongs) is left to `format.py`.
"""

from collections.abc import Iterator
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.canvases.rules import COLUMNS, ROWS, TITLE
from core.journey.rules import OTHER_TOOLS
from core.kernel import personal
from core.matching.rules import RESERVED as RESERVED_KEYS
from core.mentorships.rules import AREA_FIELD
from core.programme.rules import CANVAS_ITEMS, DETAIL_ITEMS, TOOL_ITEMS, WORD_KEYS
from tenants.bundles.documents import Document
from tenants.bundles.format import ProfileField
from tenants.bundles.problems import Path, Problem, listed, suggestion
from tenants.names import RESERVED

Row = dict[str, Any]
KINDS = get_args(ProfileField.model_fields["kind"].annotation)
CHOOSING = ("choice", "choices")
MATCHED = ("choice", "choices", "boolean")
WORDED = ("short_text", "long_text", "link")
COUNTED = ("number", "choices")
_OWN_PAGES = ("first_conversation", "road_map")
NEEDED_PAGES = ("accessibility", "privacy", "terms")


def check_institute(document: Document, pages: set[str]) -> list[Problem]:
    """Everything across keys in `institute.yaml`. `pages` are the names of the files in pages/."""
    if not isinstance(document.data, dict):
        return []
    return [
        document.problem(path, message)
        for check in (
            _identity,
            _words,
            _menus,
            _canvases,
            _journey,
            _policies,
            _profile,
            _criteria,
            _retention,
        )
        for path, message in check(document.data)
    ] + [document.problem(path, message) for path, message in _legal(document.data, pages)]


Finding = tuple[Path, str]


def _identity(data: Row) -> Iterator[Finding]:
    slug = _group(data, "identity").get("slug")
    if isinstance(slug, str) and (slug in RESERVED or "--" in slug):
        yield ("identity", "slug"), f"“{slug[:40]}” is a reserved name: choose another."
    zone = _group(data, "identity").get("time_zone")
    if isinstance(zone, str) and zone:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield (
                ("identity", "time_zone"),
                f"“{zone[:40]}” is not a time zone. Write one such as “Europe/London”.",
            )


def _words(data: Row) -> Iterator[Finding]:
    words = _group(data, "words")
    for key in WORD_KEYS:
        word = words.get(key)
        if isinstance(word, dict):
            for form in ("singular", "plural"):
                text = word.get(form)
                if isinstance(text, str) and text != text.strip():
                    yield ("words", key, form), "Take away the space at the end of the word."
                if isinstance(text, str) and ("{" in text or "<" in text):
                    yield ("words", key, form), "A word holds no braces or angle brackets."


def _menus(data: Row) -> Iterator[Finding]:
    menus = _group(data, "menus")
    for name, known in (("tools", _tools(data)), ("details", DETAIL_ITEMS)):
        seen: set[str] = set()
        for at, item in enumerate(_list(_group(menus, name), "items")):
            if not isinstance(item, str):
                continue
            path = ("menus", name, "items", at)
            if item not in known:
                yield path, f"“{item[:40]}” is no menu item. Known are {listed(list(known))}."
            if item in seen:
                yield path, f"“{item}” is in this menu twice: keep one."
            seen.add(item)
    tools = _list(_group(menus, "tools"), "items")
    meet = menus.get("meet", "button")
    if meet == "tools" and "meetings" not in tools:
        yield ("menus", "meet"), "With “tools” here, add “meetings” to the items of menus.tools."
    if meet == "button" and "meetings" in tools:
        yield ("menus", "meet"), "With “button” here, take “meetings” out of menus.tools."


def _tools(data: Row) -> tuple[str, ...]:
    """What can stand in the menu of tools: pages of the product, and canvases that are there."""
    if "canvases" not in data:
        return TOOL_ITEMS
    others = [item for item in TOOL_ITEMS if item not in CANVAS_ITEMS]
    return (*others, *(key for key in _by_key(data, "canvases") if key not in others))


def _canvases(data: Row) -> Iterator[Finding]:
    yield from _twice(("canvases",), _rows(data, "canvases"), "key")
    for at, canvas in _rows(data, "canvases"):
        key = canvas.get("key")
        if key in TOOL_ITEMS and key not in CANVAS_ITEMS:
            yield ("canvases", at, "key"), f"“{key}” is another tool: give the canvas another key."
        path: Path = ("canvases", at, "boxes")
        yield from _twice(path, _rows(canvas, "boxes"), "key")
        yield from _twice(path, _rows(canvas, "boxes"), "label")
        yield from _places(path, _rows(canvas, "boxes"))


def _journey(data: Row) -> Iterator[Finding]:
    journey = _group(data, "journey")
    known = [item for item in (*_tools(data), *OTHER_TOOLS) if item not in _OWN_PAGES]
    yield from _twice(("journey", "stages"), _rows(journey, "stages"), "label")
    for at, stage in _rows(journey, "stages"):
        for place, tool in enumerate(_list(stage, "tools")):
            if isinstance(tool, str) and tool not in known:
                yield (
                    ("journey", "stages", at, "tools", place),
                    f"“{tool[:40]}” is no tool of a stage. Known are {listed(known)}.",
                )


def _places(path: Path, boxes: list[tuple[int, Row]]) -> Iterator[Finding]:
    taken: dict[tuple[int, int], str] = {}
    for at, box in boxes:
        if box.get("key") == TITLE:
            yield (*path, at, "key"), f"“{TITLE}” is the name of the sheet: use another key."
        row, column, tall, wide = (box.get(name, 1) for name in ("row", "column", "tall", "wide"))
        if not all(type(part) is int and 0 < part <= ROWS for part in (row, column, tall, wide)):
            continue
        if column + wide - 1 > COLUMNS or row + tall - 1 > ROWS:
            message = f"The box does not fit: a sheet has {COLUMNS} columns and {ROWS} rows."
            yield (*path, at), message
            continue
        places = [(r, c) for r in range(row, row + tall) for c in range(column, column + wide)]
        under = next((taken[place] for place in places if place in taken), None)
        if under is not None:
            yield (*path, at), f"The box lies on “{under}”: give it another row or column."
        taken |= dict.fromkeys(places, str(box.get("key", "?"))[:40])


def _retention(data: Row) -> Iterator[Finding]:
    rules = personal.retentions()
    for key, days in _group(_group(data, "retention"), "days").items():
        place = ("retention", "days", str(key))
        if key not in rules:
            yield place, f"Nothing is kept under “{str(key)[:40]}”: write {listed(sorted(rules))}."
        elif isinstance(days, int) and days < rules[key].least_days:
            yield place, f"These are kept for at least {rules[key].least_days} days."


def _policies(data: Row) -> Iterator[Finding]:
    policies = _group(data, "policies")
    link = policies.get("membership_link")
    if policies.get("sign_in") == "membership":
        if policies.get("self_registration", True) is True:
            yield (
                ("policies", "self_registration"),
                "With membership sign-in nobody registers here: write false.",
            )
        if not link and "membership_link" not in policies:
            yield (
                ("policies", "membership_link"),
                "With membership sign-in, give the address of the society's own sign-in page, or "
                "null while there is none.",
            )
    elif link:
        yield ("policies", "membership_link"), "Only membership sign-in uses this: remove it."
    if isinstance(link, str) and link and not link.startswith("https://"):
        yield ("policies", "membership_link"), "Write a full web address that starts with https://."
    before = 0
    for at, day in enumerate(_list(policies, "reminder_days")):
        if not isinstance(day, int):
            continue
        if day <= before:
            yield (
                ("policies", "reminder_days", at),
                f"The reminders have to come one after the other: {day} is not after {before}.",
            )
        before = max(before, day)
    lapse = policies.get("lapse_days", 21)
    if isinstance(lapse, int) and lapse <= before:
        yield (
            ("policies", "lapse_days"),
            f"The end has to come after the last reminder: {lapse} is not after {before}.",
        )


def _profile(data: Row) -> Iterator[Finding]:
    sections = _by_key(data, "sections")
    yield from _twice(("sections",), _rows(data, "sections"), "key")
    yield from _twice(("fields",), _rows(data, "fields"), "key")
    areas = [row for _, row in _rows(data, "fields") if row.get("key") == AREA_FIELD]
    if _rows(data, "fields") and (not areas or areas[0].get("kind") not in CHOOSING):
        yield (
            ("fields",),
            f"People name an area of support when they ask: add a field “{AREA_FIELD}” of kind "
            "choices.",
        )
    for at, field in _rows(data, "fields"):
        path: Path = ("fields", at)
        name, kind, side = field.get("section"), field.get("kind"), field.get("audience", "both")
        if isinstance(name, str) and name not in sections:
            known = list(sections)
            yield (
                (*path, "section"),
                f"There is no section “{name[:40]}”." + suggestion(name, known),
            )
        elif isinstance(name, str):
            whole = sections[name].get("audience", "both")
            if whole in ("mentor", "mentee") and side != whole:
                yield (
                    (*path, "audience"),
                    f"The section “{name}” is for {whole}s only: write {whole} here.",
                )
        yield from _options(path, field, kind)
        yield from _limits(path, field, kind)


def _options(path: Path, field: Row, kind: Any) -> Iterator[Finding]:
    options = _rows(field, "options")
    if kind in CHOOSING and len(options) < 2:
        yield (*path, "options"), "A field to choose from needs two options or more."
    if kind in KINDS and kind not in CHOOSING and options:
        yield (*path, "options"), "Only fields of kind choice or choices have options: remove them."
    yield from _twice((*path, "options"), options, "key")
    yield from _twice((*path, "options"), options, "label")


def _limits(path: Path, field: Row, kind: Any) -> Iterator[Finding]:
    if kind not in KINDS:
        return
    low, high = field.get("minimum"), field.get("maximum")
    if field.get("max_length") is not None and kind not in WORDED:
        yield (*path, "max_length"), "Only texts and links have a greatest length: remove it."
    for name, value in (("minimum", low), ("maximum", high)):
        if value is not None and kind not in COUNTED:
            yield (*path, name), "Only numbers and lists of many have this: remove it."
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield (*path, "minimum"), f"The smallest, {low}, is larger than the largest, {high}."
    if kind == "choices" and isinstance(high, int) and high < 1:
        yield (*path, "maximum"), "Let people choose at least one."


def _criteria(data: Row) -> Iterator[Finding]:
    fields = _by_key(data, "fields")
    yield from _twice(("criteria",), _rows(data, "criteria"), "mentor_field")
    for at, row in _rows(data, "criteria"):
        found = {}
        for side in ("mentor", "mentee"):
            key = row.get(f"{side}_field")
            path: Path = ("criteria", at, f"{side}_field")
            if not isinstance(key, str):
                continue
            if key not in fields:
                known = list(fields)
                yield path, f"There is no field “{key[:40]}”." + suggestion(key, known)
                continue
            if side == "mentor" and key in RESERVED_KEYS:
                yield path, f"The search uses the word “{key}” for itself: give the field another."
            field = found[side] = fields[key]
            if field.get("kind") not in MATCHED:
                yield (
                    path,
                    f"“{key}” is not of kind choice, choices or boolean: it cannot be matched.",
                )
            if field.get("audience", "both") not in (side, "both"):
                yield path, f"“{key}” is not asked of {side}s."
            if side == "mentor" and field.get("visible_to", "everyone") != "everyone":
                yield path, f"“{key}” is not shown to everyone, so a search must not reveal it."
        if len(found) == 2 and found["mentor"] is not found["mentee"]:
            ours, theirs = (_by_key(found[side], "options") for side in ("mentor", "mentee"))
            lost = sorted(theirs.keys() - ours.keys())
            if lost:
                yield (
                    ("criteria", at, "mentee_field"),
                    f"No mentor can be found by {listed(lost)}: the mentors' field lacks it.",
                )


def _legal(data: Row, pages: set[str]) -> Iterator[Finding]:
    yield from _twice(("legal",), _rows(data, "legal"), "label")
    yield from _twice(("consents",), _rows(data, "consents"), "key")
    reached = set()
    for at, link in _rows(data, "legal"):
        slug, url = link.get("slug"), link.get("url")
        if isinstance(slug, str):
            reached.add(slug)
            if slug not in pages:
                yield (
                    ("legal", at, "slug"),
                    f"There is no file pages/{slug[:40]}.md." + suggestion(slug, sorted(pages)),
                )
        if (slug is None) == (url is None):
            yield ("legal", at), "Give either slug (a page of this bundle) or url (another site)."
    for slug in sorted(pages - reached):
        yield ("legal",), f"No link leads to pages/{slug}.md: add one, or remove the file."
    for slug in sorted(set(NEEDED_PAGES) - pages):
        yield ("legal",), f"Every site needs this page: add pages/{slug}.md and a link to it."


def _group(data: Row, key: str) -> Row:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _list(data: Row, key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _rows(data: Row, key: str) -> list[tuple[int, Row]]:
    return [(at, row) for at, row in enumerate(_list(data, key)) if isinstance(row, dict)]


def _by_key(data: Row, key: str) -> dict[str, Row]:
    found = {}
    for _, row in _rows(data, key):
        name = row.get("key")
        if isinstance(name, str):
            found[name] = row
    return found


def _twice(path: Path, rows: list[tuple[int, Row]], key: str) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for at, row in rows:
        value = row.get(key)
        if not isinstance(value, str):
            continue
        if value.casefold() in seen:
            first = seen[value.casefold()]
            yield (
                (*path, at, key),
                f"“{value[:40]}” is here already, as number {first + 1} of the list: use another.",
            )
        seen.setdefault(value.casefold(), at)
