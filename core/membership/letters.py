"""The mails about memberships that lapse and end."""

from core.kernel.letters import Blank, Case, Mail, register

_CASES = (
    Case("finish", "what was begun can be finished", {"rule": "finish"}),
    Case("look", "people may only look", {"rule": "look"}),
    Case("", "people are out at once", {}),
)

register(
    Mail(
        name="membership_lapsed",
        title="Your membership has lapsed",
        when="The society says that a membership has lapsed, and days of grace begin.",
        to="The member",
        blanks=(Blank("until", "the end of the days of grace", "3 March 2027", needed=True),),
        cases=_CASES,
    ),
    Mail(
        name="membership_ended",
        title="Your membership has ended",
        when="The days of grace of a lapsed membership are over.",
        to="The member",
        cases=_CASES,
    ),
)
