"""The five bundles that come with the product are what the table of programmes says."""

import itertools
import re
from functools import lru_cache
from itertools import combinations

import pytest

from core.programme.rules import expand, spoken
from tenants.bundles.format import Bundle, Faq, Guide, Page
from tenants.bundles.reading import load, shipped, shipped_names

NAMES = ["ciltuk", "connect", "guided", "linguists", "uhb"]
KINDS = {"short_text", "long_text", "choice", "choices", "number", "boolean", "date", "link"}
EVERYWHERE = {
    "how-it-works", "password", "email", "cancel", "arrange-a-meeting", "video-chat", "tools",
    "where-it-is", "mark-complete", "data-stored", "meeting-notes", "search", "waiting-time",
    "edit", "withdraw-and-reinstate", "road-map", "write-to-us", "complaint",
}  # fmt: skip
CONNECT = {
    "cpd", "eligibility", "cost", "both-roles", "topics", "length", "virtual",
    "how-sure-of-a-match", "first-session", "trouble", "unavailable", "waiting-to-be-asked",
    "reinstate-declined", "several-mentees",
}  # fmt: skip


@lru_cache
def bundle(name: str) -> Bundle:
    return load(shipped(name))


def all_text(name: str) -> str:
    """Everything of a bundle that people may read."""
    whole = bundle(name)
    names = spoken(whole.institute.words, whole.institute.menus)
    parts = [str(whole.institute.model_dump(exclude={"words", "fields", "sections", "policies"}))]
    for section in whole.institute.sections:
        parts += [section.label, section.help]
    for field in whole.institute.fields:
        parts += [field.label, field.help, *(option.label for option in field.options)]
    texts: list[Faq | Guide | Page] = [*whole.faqs, *whole.guides, *whole.pages]
    for text in texts:
        parts += [text.key, *map(str, text.front.model_dump().values()), text.body]
    return "\n".join([*names.values(), expand("\n".join(parts), names)])


def test_five_bundles_are_shipped() -> None:
    assert shipped_names() == NAMES
    assert [bundle(name).institute.identity.slug for name in NAMES] == NAMES


TABLE = {
    # noun, tools menu, details menu, meet, sign-in, programme, completes, feedback, length, asks
    "ciltuk": ("request", "Goals", "Actions", "button", "local", "CILT(UK) Mentoring", "each",
               "asked", "8 months or more", "message_first"),
    "linguists": ("request", "Tools", "Details", "button", "local", "CIOL Mentoring", "either",
                  "optional", "12 months or more", "message_first"),
    "uhb": ("request", "Tools", "Details", "tools", "local", "Mentoring programme", "either",
            "optional", "12 months or more", "message_first"),
    "guided": ("proposal", "The journey", "Details", "tools", "local", "Mentoring",
               "mentor_when_asked", "required", None, "ask_for_changes"),
    "connect": ("proposal", "Tools", "Details", "tools", "membership", "Connect", "either",
                "asked", "at most a year", "edit_details"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_shipped_bundle_differs_from_the_others_as_the_table_says(name: str) -> None:
    whole = bundle(name).institute
    policies = whole.policies
    assert TABLE[name] == (
        whole.words.request.singular,
        whole.menus.tools.label,
        whole.menus.details.label,
        whole.menus.meet,
        policies.sign_in,
        whole.identity.programme,
        policies.who_completes,
        policies.feedback,
        whole.identity.typical_length,
        policies.negotiation,
    )
    assert (policies.reminder_days, policies.lapse_days) == ((3, 7, 15), 21)
    assert policies.guides_first is (name == "guided")
    assert ("meetings" in whole.menus.tools.items) is (whole.menus.meet == "tools")


SEARCHED = {
    "ciltuk": ["Areas of support", "Mentor's role", "Professional community"],
    "linguists": ["Region", "Languages", "Areas of support"],
    "uhb": ["Staff group", "Areas of support", "Site"],
    "guided": ["Areas of support", "Experience"],
    "connect": ["Areas of support", "Society", "Region", "Function"],
}


@pytest.mark.parametrize("name", NAMES)
def test_mentee_searches_by_the_fields_of_the_table(name: str) -> None:
    whole = bundle(name).institute
    labels = {field.key: field.label for field in whole.fields}
    found = [labels[criterion.mentor_field] for criterion in whole.criteria]
    assert found[: len(SEARCHED[name])] == SEARCHED[name]
    assert all(criterion.exact for criterion in whole.criteria[: len(SEARCHED[name])])


@pytest.mark.parametrize("name", NAMES)
def test_shipped_bundle_has_fields_of_every_kind_for_both(name: str) -> None:
    fields = bundle(name).institute.fields
    assert {field.kind for field in fields} == KINDS
    assert {field.audience for field in fields} == {"mentor", "mentee", "both"}
    assert {"everyone", "staff"} <= {field.visible_to for field in fields} or name == "uhb"
    assert any(field.required for field in fields)


@pytest.mark.parametrize("name", NAMES)
def test_member_finds_the_questions_that_the_table_asks_for(name: str) -> None:
    wanted = EVERYWHERE | (CONNECT if name == "connect" else set())
    assert wanted <= {faq.key for faq in bundle(name).faqs}
    assert {faq.front.audience for faq in bundle(name).faqs} == {"everyone", "mentee", "mentor"}


OWN_VOICE = {"answer", "arrange-a-meeting", "how-it-works", "mark-complete", "road-map", "tools"}


@pytest.mark.parametrize(("one", "other"), list(combinations(NAMES, 2)))
def test_no_two_institutes_say_the_same_where_their_programmes_differ(one: str, other: str) -> None:
    first, second = sentences(one), sentences(other)
    assert {key: first[key] & second[key] for key in OWN_VOICE if first[key] & second[key]} == {}


def sentences(name: str) -> dict[str, set[str]]:
    """The sentences of more than a few words in each answer."""
    return {
        faq.key: {part for part in re.split(r"(?<=[.:?!])\s+", faq.body) if len(part.split()) > 6}
        for faq in bundle(name).faqs
    }


@pytest.mark.parametrize("name", NAMES)
def test_member_finds_guides_for_both_roles(name: str) -> None:
    guides = bundle(name).guides
    assert len(guides) >= (10 if name == "guided" else 5)
    assert {"mentee", "mentor", "everyone"} <= {guide.front.audience for guide in guides}
    assert any(guide.front.required for guide in guides) is (name == "guided")
    assert {guide.key for guide in guides} >= {
        "choosing-a-mentor", "writing-to-a-mentor", "preparing-the-first-conversation", "swot",
        "g-star", "smart-goals", "giving-feedback", "ending-well", "being-a-mentor",
    }  # fmt: skip
    assert {guide.key for guide in guides if not 300 <= len(guide.body.split()) <= 900} == set()


def test_each_institute_has_guides_in_its_own_voice() -> None:
    """No long sentence stands in the guides of two institutes."""
    seen: dict[str, str] = {}
    twice = set()
    for name in NAMES:
        for guide in bundle(name).guides:
            for sentence in re.split(r"(?<=[.?!:])\s+|\n", guide.body):
                if len(sentence.split()) > 8 and seen.setdefault(sentence, name) != name:
                    twice.add(sentence)
    assert twice == set()


@pytest.mark.parametrize("name", NAMES)
def test_guides_say_the_letters_of_smart_as_the_institute_does(name: str) -> None:
    (guide,) = (guide for guide in bundle(name).guides if guide.key == "smart-goals")
    smart = bundle(name).institute.smart
    for letter in (smart.s, smart.m, smart.a, smart.r, smart.t):
        assert letter.word.lower() in f"{guide.front.summary} {guide.body}".lower()


@pytest.mark.parametrize("name", NAMES)
def test_member_reads_no_word_of_another_institute_nor_of_the_product(name: str) -> None:
    text = all_text(name)
    other = "proposal" if bundle(name).institute.words.request.singular == "request" else "request"
    assert not re.search(rf"\b{other}", text, re.IGNORECASE)
    assert not re.search("ithaca", text, re.IGNORECASE)
    assert "{{" not in re.sub(r"\{\{ (programme|contact_email|typical_length) \}\}", "", text)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_real_is_written_to(name: str) -> None:
    hosts = re.findall(r"(?:@|https://)([a-z0-9.-]+[a-z])", all_text(name))
    assert hosts
    assert {host.rsplit(".", 1)[-1] for host in hosts} == {"example"}


def test_no_two_bundles_look_alike() -> None:
    looks = [bundle(name).institute.brand for name in NAMES]
    assert len({look.pairing for look in looks}) == 5
    assert len({look.accent for look in looks}) == 5
    assert len({look.hero for look in looks}) == 5
    assert len({bundle(name).logo for name in NAMES}) == 5


def test_each_shipped_bundle_asks_its_own_questions_at_the_end() -> None:
    asked = {}
    for name in NAMES:
        survey = bundle(name).institute.surveys.completion
        assert survey is not None
        asked[name] = {one.label for one in survey.questions}
    for one, other in itertools.combinations(NAMES, 2):
        assert not asked[one] & asked[other]
    assert len(asked["guided"]) < min(len(asked[name]) for name in NAMES if name != "guided")
