"""The mails about feedback."""

from core.kernel.letters import Blank, Case, Mail, register

_PARTNER = Blank("partner_name", "the other’s name", "Samir Okafor")

register(
    Mail(
        name="feedback_asked",
        title="How was it?",
        when="A relationship is over, or half-way where the rules of the programme say so.",
        to="Both",
        blanks=(_PARTNER,),
        cases=(
            Case("midway", "on the way", {"midway": True}),
            Case("early", "it ended early", {"ended_early": True}),
            Case("", "at the end", {}),
        ),
    ),
    Mail(
        name="feedback_reminder",
        title="Your feedback is missing",
        when="Some days after somebody was asked (the rules of the programme say how many).",
        to="Whoever has not answered",
        blanks=(_PARTNER,),
        cases=(
            Case(
                "midway_required",
                "on the way, where an answer is required",
                {"midway": True, "required": True},
            ),
            Case("midway", "on the way", {"midway": True}),
            Case("required", "at the end, where an answer is required", {"required": True}),
            Case("", "at the end", {}),
        ),
    ),
    Mail(
        name="feedback_wish",
        title="Somebody wants to be contacted",
        when="A member writes down what went wrong and wants to hear from the team.",
        to="The {{ programme_team }}",
        blanks=(
            Blank("member_name", "who wrote", "Lena Hart"),
            Blank("member_email", "their address", "lena@hart.example"),
            _PARTNER,
            Blank("text", "what they wrote", "We never found a time.\nI gave up.", needed=True),
        ),
    ),
)
