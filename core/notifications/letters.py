"""The mails about what happens between two people."""

from core.kernel.letters import Blank, Case, Mail, register

_MENTOR = Blank("mentor_name", "the mentor’s name", "Samir Okafor")
_MENTEE = Blank("mentee_name", "the mentee’s name", "Lena Hart")
_PARTNER = Blank("partner_name", "the other’s name", "Samir Okafor")
_AREA = Blank(
    "chosen_area", "the {{ area }} that was chosen", "Leadership", source="area", optional=True
)
_STATEMENT = Blank(
    "statement",
    "what the mentee wrote",
    "I would like to lead a team.\nYou have done that for years.",
)
_WISH = Blank("wish", "what the mentor wrote", "Which of the two matters most to you?")
_CLOSEST = Blank(
    "closest_lines",
    "the next closest mentors, as a list",
    "- Ada Brook. Meets 4 of 5: Region: Wales.\n- Tom Reed. Meets 3 of 5: Sector: Rail.",
    template="mails/closest.txt",
)
_CONTACT = Blank(
    "contact_details",
    "the other’s contact details, as a list",
    "- Name: Samir Okafor\n- E-mail: samir@okafor.example\n- Phone: 01632 960 111",
    needed=True,
    template="mails/contact.txt",
)
_STAGE = (
    Blank("stage", "the stage", "First conversation"),
    Blank("next_stage", "the stage that comes next", "Progression"),
    Blank("next_step", "what there is to do in it", "Agree on a goal."),
    _PARTNER,
)

register(
    Mail(
        name="request_received",
        title="A new {{ request }}",
        when="A mentee sends {{ a_request }}.",
        to="The mentor",
        blanks=(_MENTEE, _STATEMENT, _AREA),
    ),
    Mail(
        name="request_reminder",
        title="{{ A_request }} is waiting",
        when="Some days after {{ a_request }} was sent (the rules of the programme say how many).",
        to="The mentor",
        blanks=(
            _MENTEE,
            Blank("sent_on", "the day on which it was sent", "2 March 2026"),
            Blank("lapses_on", "the day on which it is withdrawn by itself", "23 March 2026"),
            _AREA,
        ),
    ),
    Mail(
        name="request_accepted",
        title="A mentor has accepted",
        when="A mentor accepts {{ a_request }}.",
        to="The mentee",
        blanks=(_MENTOR, _CONTACT),
    ),
    Mail(
        name="relationship_begun",
        title="A relationship begins",
        when="A mentor accepts {{ a_request }}.",
        to="The mentor",
        blanks=(_MENTEE, _CONTACT),
    ),
    Mail(
        name="request_declined",
        title="A mentor has declined",
        when="A mentor declines {{ a_request }}.",
        to="The mentee",
        blanks=(
            _MENTOR,
            Blank("reason", "the reason that was chosen", "I have no time now", optional=True),
            Blank("note", "what the mentor wrote", "I wish you well.", optional=True),
            _CLOSEST,
        ),
        cases=(
            Case("nobody", "nobody else fits", {"closest_lines": ""}),
            Case("", "others fit", {}),
        ),
    ),
    Mail(
        name="request_lapsed",
        title="No answer came",
        when="{{ A_request }} lapses, because the mentor has not answered.",
        to="The mentee",
        blanks=(
            _MENTOR,
            Blank(
                _CLOSEST.name,
                _CLOSEST.meaning,
                _CLOSEST.example,
                optional=True,
                template=_CLOSEST.template,
            ),
        ),
    ),
    Mail(
        name="request_expired",
        title="There is nothing to answer any more",
        when="{{ A_request }} lapses, because the mentor has not answered.",
        to="The mentor",
        blanks=(_MENTEE,),
    ),
    Mail(
        name="request_edited",
        title="{{ A_request }} was changed",
        when="A mentee changes {{ a_request }} that waits for an answer.",
        to="The mentor",
        blanks=(
            _MENTEE,
            _STATEMENT,
            _AREA,
            Blank("area_before", "what was chosen before", "Career change", optional=True),
        ),
    ),
    Mail(
        name="request_withdrawn",
        title="{{ A_request }} was withdrawn",
        when="A mentee, or the {{ programme_team }}, withdraws {{ a_request }}.",
        to="The mentor; both, when the {{ programme_team }} did it",
        blanks=(_MENTEE, _MENTOR),
        cases=(
            Case("by_team", "by the {{ programme_team }}", {"by_team": True}),
            Case("", "by the mentee", {}),
        ),
    ),
    Mail(
        name="request_reopened",
        title="A mentee asks once more",
        when="A mentee reopens {{ a_request }}.",
        to="The mentor",
        blanks=(_MENTEE, _STATEMENT, _AREA),
    ),
    Mail(
        name="decline_reopened",
        title="A mentor thinks again",
        when="A mentor reopens {{ a_request }} that they had declined.",
        to="The mentee",
        blanks=(_MENTOR,),
    ),
    Mail(
        name="changes_asked",
        title="A mentor asks for changes",
        when="A mentor wants {{ a_request }} to be changed, or to know more.",
        to="The mentee",
        blanks=(_MENTOR, _WISH),
    ),
    Mail(
        name="request_revised",
        title="A new version",
        when="A mentee sends a new version of {{ a_request }}.",
        to="The mentor",
        blanks=(_MENTEE, _STATEMENT, _AREA),
    ),
    Mail(
        name="match_asked",
        title="The team asks a mentor",
        when="The {{ programme_team }} proposes a mentee to a mentor.",
        to="The mentor",
        blanks=(_MENTEE, _STATEMENT, _AREA),
    ),
    Mail(
        name="match_proposed",
        title="The team has asked a mentor",
        when="The {{ programme_team }} proposes a mentee to a mentor.",
        to="The mentee",
        blanks=(_MENTOR, _STATEMENT, _AREA),
    ),
    Mail(
        name="match_made",
        title="The team has found a mentor",
        when="The {{ programme_team }} brings two people together.",
        to="The mentee",
        blanks=(_MENTOR, _STATEMENT, _AREA, _CONTACT),
    ),
    Mail(
        name="match_begun",
        title="The team has found a mentee",
        when="The {{ programme_team }} brings two people together.",
        to="The mentor",
        blanks=(_MENTEE, _STATEMENT, _AREA, _CONTACT),
    ),
    Mail(
        name="messages_waiting",
        title="A message is waiting",
        when="Somebody has written, and the other has not read it after a few minutes.",
        to="The other",
        blanks=(_PARTNER, Blank("count", "how many messages wait", "3")),
        cases=(
            Case("question", "a question before {{ a_request }}", {"question": True}),
            Case("one", "one message", {"count": 1}),
            Case("", "several messages", {}),
        ),
    ),
    Mail(
        name="stage_marked",
        title="A stage is marked",
        when="One of the two marks a stage of their road as completed.",
        to="The other",
        blanks=_STAGE,
    ),
    Mail(
        name="stage_completed",
        title="A stage is completed",
        when="A stage of the road is completed.",
        to="The other",
        blanks=_STAGE,
    ),
    Mail(
        name="completion_asked",
        title="Is the journey complete?",
        when="One of the two marks their journey as complete.",
        to="The other",
        blanks=(_PARTNER,),
    ),
    Mail(
        name="completion_put_off",
        title="The journey goes on",
        when="The other says that the journey is not complete yet.",
        to="Whoever had marked it",
        blanks=(_PARTNER,),
    ),
    Mail(
        name="relationship_completed",
        title="The journey is complete",
        when="A journey is completed.",
        to="The other",
        blanks=(_PARTNER,),
    ),
    Mail(
        name="relationship_ended",
        title="A relationship has ended",
        when="Somebody leaves a relationship, or the {{ programme_team }} ends it.",
        to="The other; both, when the {{ programme_team }} did it",
        blanks=(_PARTNER,),
        cases=(
            Case("by_partner", "by the other", {"by_partner": True}),
            Case("", "by the {{ programme_team }}", {}),
        ),
    ),
    Mail(
        name="invited_back",
        title="A mentor would like to go on",
        when="A mentor invites a mentee whose journey is over to go on.",
        to="The mentee",
        blanks=(
            _MENTOR,
            Blank(_WISH.name, _WISH.meaning, "I enjoyed it very much.", optional=True),
        ),
    ),
    Mail(
        name="relationship_resumed",
        title="A mentee would like to go on too",
        when="A mentee says yes to going on.",
        to="The mentor",
        blanks=(_MENTEE,),
    ),
    Mail(
        name="place_free",
        title="A place is free",
        when="A mentor for whom mentees wait has a place again.",
        to="Those who have waited longest",
        blanks=(_MENTOR,),
    ),
    Mail(
        name="available_again",
        title="You are available again",
        when="The day has come that a mentor named for their return.",
        to="The mentor",
    ),
    Mail(
        name="report_received",
        title="A report is waiting",
        when="A member reports a message or a person, or asks the team to step in.",
        to="The {{ programme_team }}",
        cases=(
            Case("step_in", "somebody asks the team to step in", {"step_in": True}),
            Case("", "somebody reports a message or a person", {}),
        ),
    ),
)
