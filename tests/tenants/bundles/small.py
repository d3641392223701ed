"""A small good bundle to spoil."""

from collections.abc import Callable
from pathlib import Path

INSTITUTE = """\
format: 1
identity:
  slug: beekeepers
  name: Beekeepers
  organisation: Society of Beekeepers
  programme: Hive Mentoring
contact: {name: the hive team, email: hive@bees.example}
mail: {sender_name: Hive Mentoring, sender_address: hive@bees.example}
brand: {accent: "#7a4a00", second: "#20506b", pairing: folio, radius: small}
words:
  request: {singular: appeal, plural: appeals, article: an}
  mentor: {singular: mentor, plural: mentors}
  mentee: {singular: mentee, plural: mentees}
  mentoring: {singular: mentoring, plural: mentoring}
  programme_team: {singular: hive team, plural: hive teams}
  area: {singular: area of support, plural: areas of support, article: an}
menus:
  meet: button
  tools: {label: Tools, items: [swot, goals]}
  details: {label: Details, items: [view, withdraw]}
front:
  headline: Nobody keeps bees alone
  lede: Beekeepers help beekeepers.
  steps:
    - {title: Say hello, text: Write a profile.}
    - {title: Ask, text: Choose somebody.}
  mentor_pitch: Pass it on.
  mentee_pitch: Learn from somebody.
policies:
  reminder_days: [3, 7, 15]
  lapse_days: 21
sections:
  - {key: about, label: About you}
  - {key: offer, label: What you offer, audience: mentor}
fields:
  - {key: headline, section: about, label: In one line, kind: short_text, max_length: 100}
  - key: areas_of_support
    section: about
    label: Areas of support
    kind: choices
    options:
      - {key: swarms, label: Swarms}
      - {key: honey, label: Honey}
  - {key: years, section: offer, label: Years with bees, kind: number, audience: mentor, minimum: 0}
criteria:
  - {mentor_field: areas_of_support, mentee_field: areas_of_support, any_label: Any area}
legal:
  - {label: Privacy, slug: privacy}
  - {label: Accessibility, slug: accessibility}
  - {label: Terms, slug: terms}
"""
LOGO = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">
<path fill="currentColor" d="M1 1h8v8z"/>
</svg>
"""
FAQ = """\
---
question: How do I send {{ a_request }}?
topic: Asking
---

Choose **Send {{ request }}**.
"""
GUIDE = """\
---
title: Reading a hive
summary: What the entrance tells you.
topic: Bees
---

Look before you open it.
"""


def write(folder: Path) -> Path:
    """Write the bundle into an empty folder."""
    for name in ("faqs", "guides", "pages"):
        (folder / name).mkdir(parents=True)
    (folder / "institute.yaml").write_text(INSTITUTE)
    (folder / "logo.svg").write_text(LOGO)
    (folder / "faqs" / "send.md").write_text(FAQ)
    (folder / "guides" / "hive.md").write_text(GUIDE)
    for page in ("privacy", "accessibility", "terms"):
        (folder / "pages" / f"{page}.md").write_text(
            f"---\ntitle: {page.capitalize()}\n---\n\nText.\n"
        )
    return folder


def change(folder: Path, old: str, new: str, file: str = "institute.yaml") -> None:
    """Replace the one place where `old` stands in a file."""
    path = folder / file
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new))


Spoil = Callable[[Path], None]


def edit(old: str, new: str, file: str = "institute.yaml") -> Spoil:
    """Spoil by changing one place."""
    return lambda folder: change(folder, old, new, file)


def put(file: str, content: str | bytes) -> Spoil:
    """Spoil by writing a whole file."""

    def spoil(folder: Path) -> None:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)

    return spoil


def append(file: str, text: str) -> Spoil:
    """Spoil by writing something at the end of a file."""

    def spoil(folder: Path) -> None:
        (folder / file).write_text((folder / file).read_text() + text)

    return spoil


def link(file: str, target: str) -> Spoil:
    """Spoil with a symbolic link."""
    return lambda folder: (folder / file).symlink_to(target)


def both(*spoils: Spoil) -> Spoil:
    """Spoil in several ways at once."""

    def spoil(folder: Path) -> None:
        for one in spoils:
            one(folder)

    return spoil
