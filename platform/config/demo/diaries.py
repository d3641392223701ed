"""What the known people of a demo institute wrote for themselves, and a CPD record of one."""

from datetime import date, datetime, timedelta
from random import Random

from core.accounts.models import Person
from core.cpd import queries as of_cpd
from core.cpd import services as cpd
from core.cpd.rules import latest_period
from core.cpd.services.choosing import Own
from core.diary import services as diary
from core.diary.permissions import is_offered
from core.diary.queries import relationships_of
from core.diary.rules import Prompt
from core.kernel import clock

ENTRIES = (
    ("After the first conversation", "I had prepared far too much. The best moments came when I "
     "put the list away.\n\nNext time: three questions, no more.", ("Listening", "Preparation")),
    ("What I say first", "In the team meeting I waited until two others had spoken. It changed "
     "what I said, and how they took it.", ("Meetings", "Listening")),
    ("A no that was easy", "I said no to the Friday report, with a reason and another way. Nobody "
     "minded. Why did I carry it for a year?", ("Saying no",)),
    ("On being praised", "> “You were clear today.”\n\nI noticed that I explained it away at "
     "once.\n\n- take it\n- say thank you\n- write down what was clear", ("Feedback",)),
    ("Half way", "Looking back at my goals: two are alive, one was never mine. I will tell my "
     "partner that I drop it.", ("Goals", "Saying no")),
    ("A week without progress", "Nothing came of my plan. It was the week of the stocktaking, and "
     "I knew that before. Plan around what is known.", ("Planning",)),
    ("What I would tell myself of last spring", "Ask earlier. People like to be asked.",
     ("Courage",)),
)  # fmt: skip
PROMPT = Prompt("guide", "preparing-the-first-conversation", "Preparing the first conversation")
READING = "A book on listening, and notes on it"


def fill(dice: Random, known: dict[str, Person], at: datetime) -> None:
    """Diaries where the institute has them; own lines and one issued record where it has CPD."""
    for person in (known["mentee"], known["both"]):
        if is_offered():
            _diary(dice, person, at)
    scheme = of_cpd.scheme()
    if scheme is None:
        return
    for person in (known["mentee"], known["mentor"]):
        day = _day(at, dice.randint(20, 80))
        cpd.add(Own(day=day, title=READING, minutes=150, note="Two chapters"), by=person)
        cpd.issue(latest_period(at.date()), scheme, by=person)


def _diary(dice: Random, person: Person, at: datetime) -> None:
    together = relationships_of(person)
    for number, (title, text, themes) in enumerate(ENTRIES):
        ago = (len(ENTRIES) - number) * 17 + dice.randint(0, 9)
        with clock.frozen(at - timedelta(days=ago)):
            diary.write(
                diary.Page(
                    written_on=_day(at, ago),
                    title=title,
                    text=text,
                    is_markdown=text.startswith(">"),
                    themes=themes,
                    mentorship=together[0] if together and number % 2 == 0 else None,
                ),
                by=person,
                prompt=PROMPT if number == 0 else None,
            )


def _day(at: datetime, ago: int) -> date:
    return (at - timedelta(days=ago)).date()
