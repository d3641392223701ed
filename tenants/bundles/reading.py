"""A bundle's folder, read and checked as a whole. Interface: load, shipped, shipped_names."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from core.help.rules import PAGES, unknown_pages
from core.kernel import letters
from core.programme.rules import PLACEHOLDERS, placeholders_in
from core.resources.rules import pictures_named, stages_of
from tenants.bundles.checks import check_institute
from tenants.bundles.documents import Document, read_yaml
from tenants.bundles.files import INSTITUTE, LOGO, PICTURES, RASTERS, Files, read_folder
from tenants.bundles.format import (
    Bundle,
    Drawing,
    Faq,
    FaqFront,
    Guide,
    GuideFront,
    InstituteFile,
    Page,
    PageFront,
)
from tenants.bundles.pictures import check_drawing, check_picture, check_raster, shown_in
from tenants.bundles.problems import BundleInvalid, Problem, suggestion
from tenants.bundles.sentences import findings
from theming import svg

SHIPPED = Path(__file__).parent / "shipped"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
Head = TypeVar("Head", bound=BaseModel)
Text = TypeVar("Text")


def shipped_names() -> list[str]:
    """The bundles that come with the product, in the order of the alphabet."""
    return sorted(folder.name for folder in SHIPPED.iterdir() if (folder / INSTITUTE).is_file())


def shipped(name: str) -> Path:
    """The folder of a shipped bundle. Raises BundleInvalid for a name that is not shipped."""
    names = shipped_names()
    if not _NAME.fullmatch(name) or name not in names:
        message = f"There is no such bundle. Shipped are: {', '.join(names)}."
        raise BundleInvalid([Problem(name[:60], 0, "", message + suggestion(name, names))])
    return SHIPPED / name


def load(path: Path | str) -> Bundle:
    """The bundle in a folder. Raises BundleInvalid with every problem of every file."""
    folder = Path(path)
    files = read_folder(folder)
    problems = files.problems
    institute = _institute(files, problems)
    faqs = _texts(files, "faqs", FaqFront, Faq, problems)
    guides = _texts(files, "guides", GuideFront, Guide, problems)
    pages = _texts(files, "pages", PageFront, Page, problems)
    logo = files.contents.get(LOGO, b"")
    if logo:  # an empty file says that there is none
        problems += check_drawing(LOGO, logo)
    pictures = _pictures(files, problems)
    problems += _pictures_are_there(guides, files)
    if institute is not None:
        problems += _asked_and_given(institute, guides)
        problems += _stages_are_known(institute, guides)
        problems += _mails_are_good(institute)
    problems += _same_question(faqs)
    if problems or institute is None:
        raise BundleInvalid(problems)
    return Bundle(
        name=folder.resolve().name,
        folder=folder,
        institute=institute,
        logo=logo,
        faqs=faqs,
        guides=guides,
        pictures=pictures,
        pages=pages,
    )


def _institute(files: Files, problems: list[Problem]) -> InstituteFile | None:
    text = files.text(INSTITUTE) if INSTITUTE in files.contents else None
    if text is None:
        return None
    document = read_yaml(INSTITUTE, text)
    problems += document.problems
    if document.problems and document.data is None:
        return None
    across = check_institute(
        document,
        {
            name.removeprefix("pages/").removesuffix(".md")
            for name in files.contents
            if name.startswith("pages/")
        },
    )
    problems += across
    return _validated(InstituteFile, document, problems, across)


def _validated(
    model: type[Head], document: Document, problems: list[Problem], across: list[Problem]
) -> Head | None:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for path, kind, problem in findings(model, document, error.errors(include_url=False)):
            # a rule of a whole group was said more exactly by the checks across keys
            if kind == "value_error" and any(other.key.startswith(problem.key) for other in across):
                continue
            if path == () and document.data is None:
                what = "The head" if document.file.endswith(".md") else "This file"
                problem = Problem(document.file, problem.line, "", f"{what} is empty.")
            problems.append(problem)
        return None


def _texts(
    files: Files,
    folder: str,
    model: type[Head],
    make: Callable[[str, Head, str], Text],
    problems: list[Problem],
) -> list[Text]:
    result = []
    for name in sorted(files.contents):
        if not name.startswith(f"{folder}/") or not name.endswith(".md"):
            continue
        source = files.text(name)
        if source is None:
            continue
        parts = _FENCE.split(source, maxsplit=2)
        if len(parts) != 3 or parts[0]:
            message = "Start with a head: a line ---, keys and values, and another line ---."
            problems.append(Problem(name, 1, "", message))
            continue
        document = read_yaml(name, parts[1], first_line=1)
        problems += document.problems
        body = parts[2].strip()
        body_line = parts[1].count("\n") + 2
        if not body:
            problems.append(Problem(name, body_line, "", "There is no text under the head."))
        problems += _unknown_placeholders(name, source)
        if folder == "faqs":
            problems += _unknown_pages(name, source)
        head = None
        if document.data is not None or not document.problems:
            head = _validated(model, document, problems, [])
        if head is not None:
            key = name.removeprefix(f"{folder}/").removesuffix(".md")
            result.append(make(key, head, body))
    return result


def _pictures(files: Files, problems: list[Problem]) -> list[Drawing]:
    result: list[Drawing] = []
    seen: set[str] = set()
    for name in sorted(files.contents):
        if name.startswith(f"{PICTURES}/"):
            key, _, ending = name.removeprefix(f"{PICTURES}/").rpartition(".")
            content = files.contents[name]
            if key in seen and ending != "txt":
                problems.append(Problem(name, 0, "", "There is another picture of this name."))
            elif ending == "svg":
                wrong = check_picture(name, content)
                problems += wrong
                if not wrong:
                    result.append(Drawing(key, shown_in(content), svg.clean(content)))
            elif ending in RASTERS:
                problems += check_raster(name, content)
                result.append(Drawing(key, _shown_beside(files, name, problems), content=content))
            elif not any(f"{PICTURES}/{key}.{one}" in files.contents for one in RASTERS):
                problems.append(Problem(name, 0, "", "There is no picture of this name."))
            if ending != "txt":
                seen.add(key)
    return result


def _shown_beside(files: Files, name: str, problems: list[Problem]) -> str:
    """What a photograph shows: the text beside it."""
    beside = f"{name.rpartition('.')[0]}.txt"
    said = " ".join((files.text(beside) or "").split()) if beside in files.contents else ""
    if not said or len(said) > 300:
        message = "Say in this file what the picture shows, in 300 characters or fewer."
        problems.append(Problem(beside, 0, "", message))
    return said


def _pictures_are_there(guides: list[Guide], files: Files) -> list[Problem]:
    return [
        Problem(f"guides/{guide.key}.md", 0, "", f"There is no picture {PICTURES}/{key}.svg.")
        for guide in guides
        for key in pictures_named(guide.body)
        if not any(f"{PICTURES}/{key}.{ending}" in files.contents for ending in ("svg", *RASTERS))
    ]


def _unknown_placeholders(name: str, source: str) -> list[Problem]:
    return [
        Problem(
            name,
            source[:at].count("\n") + 1,
            "",
            f"The placeholder “{word[:40]}” is not known." + suggestion(word, sorted(PLACEHOLDERS)),
        )
        for at, word in placeholders_in(source)
        if word not in PLACEHOLDERS
    ]


def _unknown_pages(name: str, source: str) -> list[Problem]:
    return [
        Problem(
            name,
            source[: source.index(f"(page:{page})")].count("\n") + 1,
            "",
            f"There is no page called “{page}”." + suggestion(page, sorted(PAGES)),
        )
        for page in unknown_pages(source)
    ]


def _asked_and_given(institute: InstituteFile, guides: list[Guide]) -> list[Problem]:
    if not institute.policies.guides_first:
        return []
    required = [guide.front.audience for guide in guides if guide.front.required]
    return [
        Problem(
            INSTITUTE,
            0,
            "policies.guides_first",
            f"Mark at least one guide for {role}s with “required: true”, or write false here.",
        )
        for role in ("mentor", "mentee")
        if "everyone" not in required and role not in required
    ]


def _stages_are_known(institute: InstituteFile, guides: list[Guide]) -> list[Problem]:
    known = list(stages_of(institute.journey.model_dump()))
    return [
        Problem(
            f"guides/{guide.key}.md",
            0,
            "stage",
            f"The journey has no stage “{guide.front.stage}”."
            + suggestion(guide.front.stage, known),
        )
        for guide in guides
        if guide.front.stage not in known
    ]


def _mails_are_good(institute: InstituteFile) -> list[Problem]:
    cases = {mail.key_of(case): (mail, case) for mail in letters.catalogue() for case in mail.cases}
    problems = []
    for at, text in enumerate(institute.mails):
        place = f"mails[{at}]"
        if text.key not in cases or cases[text.key][0].fixed:
            said = f"There is no mail “{text.key}” to be written." + suggestion(
                text.key, sorted(cases)
            )
            problems.append(Problem(INSTITUTE, 0, f"{place}.key", said))
            continue
        written = letters.Text(text.subject, text.body, text.button_label)
        problems += [
            Problem(INSTITUTE, 0, f"{place}.{flaw.part}", str(flaw))
            for flaw in letters.flaws(*cases[text.key], written, PLACEHOLDERS)
        ]
    return problems


def _same_question(faqs: list[Faq]) -> list[Problem]:
    seen: dict[tuple[str, str], str] = {}
    problems = []
    for faq in faqs:
        asked = (faq.front.audience, faq.front.question.casefold())
        if asked in seen:
            message = f"faqs/{seen[asked]}.md asks the same question: keep one."
            problems.append(Problem(f"faqs/{faq.key}.md", 0, "question", message))
        seen.setdefault(asked, faq.key)
    return problems
