"""Settings of an institute that no bundle has filled yet."""

from core.programme.models import Programme

_STEPS = [{"title": "Look", "text": "See who is there."}, {"title": "Ask", "text": "Say why."}]


def noun(singular: str) -> dict[str, str]:
    """A regular noun."""
    return {
        "singular": singular,
        "plural": f"{singular}s",
        "article": "an" if singular[0] in "aeiou" else "a",
    }


def ensure_programme(*, request: str = "request") -> Programme:
    """The settings of the institute in force, made now where there are none."""
    found = Programme.objects.first()
    if found is not None:
        return found
    words = {"mentor": "mentor", "mentee": "mentee", "programme_team": "programme team",
             "mentoring": "mentoring", "area": "area", "request": request}  # fmt: skip
    return Programme.objects.create(
        programme_name="Lantern Mentoring",
        organisation_name="The Lantern Society",
        contact_name="The team",
        contact_email="team@lantern.example",
        mail_sender_name="Lantern Mentoring",
        mail_sender_address="mentoring@lantern.example",
        front_data={
            "headline": "Walk together",
            "lede": "Find somebody who has been there.",
            "steps": _STEPS,
            "mentor_pitch": "Give a little time.",
            "mentee_pitch": "Ask for a little help.",
        },
        words_data={key: noun(word) for key, word in words.items()},
        menus_data={
            "tools": {"label": "Goals", "items": ["goals"]},
            "details": {"label": "Actions", "items": ["view"]},
        },
    )
