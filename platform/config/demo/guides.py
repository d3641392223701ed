"""Videos under the guides of a demo, linked and with what is said in them, and marks of readers."""

from collections.abc import Mapping

from core.accounts.models import Person
from core.resources import queries, services
from core.resources.models import Guide, Video

SAID: dict[str, tuple[str, str, int, str]] = {
    # institute: guide, title, minutes, transcript
    "ciltuk": (
        "preparing-the-first-conversation",
        "Ten minutes in the yard: a first conversation",
        4,
        "**Dele:** We met at the gatehouse at half past five, because that is when we both had "
        "time. I had a list of eleven questions in my pocket.\n\n"
        "**Ruth:** And he asked none of them. He asked what had gone wrong that night.\n\n"
        "**Dele:** It had been a bad one. Two trailers on the wrong dock.\n\n"
        "**Ruth:** So I said: tell me what you did first. Not what you should have done. What "
        "you did. We talked for an hour and he found three things himself.\n\n"
        "**Dele:** The list is still in my pocket.",
    ),
    "linguists": (
        "talking-about-rates",
        "Saying the number aloud: a rehearsal",
        6,
        "**Mair:** I am going to be the client, and I am not going to be nice.\n\n"
        "**Tomasz:** My price for this text is nine hundred and forty pounds, unfortunately.\n\n"
        "**Mair:** Unfortunately for whom?\n\n"
        "**Tomasz:** My price for this text is nine hundred and forty pounds.\n\n"
        "**Mair:** That is more than we expected.\n\n"
        "**Tomasz:** May I ask what you expected it to include?\n\n"
        "**Mair:** There. Did you hear it? You asked a question and you did not lower your "
        "voice. Again, and this time stand up.",
    ),
    "uhb": (
        "preparing-the-first-conversation",
        "A porter, a pharmacist and forty-five minutes",
        3,
        "**Grace:** I came straight from a late. I said, I have nothing left today.\n\n"
        "**Imran:** So we sat on the bench by the helipad and said nothing for five minutes. "
        "It was the best thing we could have done.\n\n"
        "**Grace:** Then he asked what I was proud of that nobody had noticed. I had to think. "
        "It was a man who was frightened of the lift. I took the stairs with him.\n\n"
        "**Imran:** That is not a small thing. That is the job. We began from there.",
    ),
    "guided": (
        "what-mentoring-is",
        "The first time, told by two who have done it",
        3,
        "**Noor:** I was so nervous that I brought cake.\n\n"
        "**Ruth:** I was so nervous that I ate it.\n\n"
        "**Noor:** Ten minutes each, the guide said, and the other one only listens. I thought "
        "that nobody could want to hear ten minutes about me.\n\n"
        "**Ruth:** I would have listened for twenty. Afterwards I said one thing that had stayed "
        "with me. She cried a little, and then we laughed, and then we had begun.",
    ),
    "connect": (
        "being-a-mentor",
        "The third answer: a director and a trainee",
        5,
        "**Olivia:** I asked him what he would do. He said: I will tell you when you have given "
        "me three answers.\n\n"
        "**Imran:** She gave me two in a minute. Then there was a silence that I found very "
        "hard.\n\n"
        "**Olivia:** The third was not to leave claims at all, but to ask for a different kind "
        "of claim. I had not known that I thought that.\n\n"
        "**Imran:** Mine would have been to leave. It would have been bad advice.",
    ),
}


def fill(slug: str, known: Mapping[str, Person]) -> None:
    """A video under one guide of the institute; the known members have read two guides each."""
    if slug in SAID:
        where, title, minutes, transcript = SAID[slug]
        guide = Guide.objects.filter(slug=where).first()
        if guide is not None:
            services.link_video(
                Video(
                    guide=guide,
                    title=title,
                    minutes=minutes,
                    link=f"https://videos.example.org/{slug}/{where}",
                    transcript=transcript,
                )
            )
    for username, role in (("mentee", "mentee"), ("mentor", "mentor")):
        for entry in queries.library(known[username], role).entries[:2]:
            services.mark_read(entry.guide, by=known[username])
