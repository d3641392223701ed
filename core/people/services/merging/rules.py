"""What becomes of everything that points to a person when two accounts are made one.

One line for every foreign key to a person; a test finds those that are missing. Without a line
nothing is merged: the walk refuses a model that it does not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Way(StrEnum):
    """How rows of the closed account are dealt with."""

    MOVE = "move"
    """They become the kept account's; two that exclude each other are a mistake of ours."""

    ONE_OF_TWO = "one of two"
    """They move; where the kept account has the same already, the closed one's row goes."""

    STAY = "stay"
    """They stay with the closed account: secrets, sessions, what is made anew by itself."""

    OWN = "own"
    """A step of its own sees to it (profiles, conversations, addresses)."""


@dataclass(frozen=True)
class Rule:
    """What happens to one foreign key, and how the preview calls the rows ("" leaves them
    out: what is private is not counted before anybody's eyes)."""

    way: Way
    called: str = ""


M, T, S, OWN = Way.MOVE, Way.ONE_OF_TWO, Way.STAY, Way.OWN
RULES: Final[Mapping[str, Rule]] = MappingProxyType({
    "accounts.Block.blocked": Rule(T),
    "accounts.Block.blocker": Rule(T),
    "accounts.KeptApart.one": Rule(S),
    "accounts.KeptApart.other": Rule(S),
    "accounts.Person.merged_into": Rule(M),
    "account.EmailAddress.user": Rule(OWN),
    "admin.LogEntry.user": Rule(S),
    "bridges.GivenRole.person": Rule(S),
    "bridges.Rescue.person": Rule(S),
    "canvases.Aside.person": Rule(T),
    "canvases.Sheet.changed_by": Rule(M),
    "canvases.Sheet.made_by": Rule(M, "canvases"),
    "canvases.Sheet.removed_by": Rule(M),
    "canvases.Version.by": Rule(M),
    "cpd.Choice.member": Rule(T),
    "cpd.Issued.member": Rule(M, "CPD records"),
    "cpd.OwnLine.member": Rule(M, "lines of the CPD record"),
    "diary.Draft.writer": Rule(OWN),
    "diary.Entry.writer": Rule(M),
    "feedback.ContactWish.answered_by": Rule(M),
    "feedback.ContactWish.person": Rule(M, "wishes to be contacted"),
    "feedback.Invitation.person": Rule(M, "surveys"),
    "feedback.SurveyDraft.saved_by": Rule(M),
    "goals.Goal.owner": Rule(M, "goals"),
    "help.Enquiry.person": Rule(M, "messages to the team"),
    "help.Enquiry.taken_by": Rule(M),
    "help.EnquiryNote.by": Rule(M),
    "journey.PlanDraft.changed_by": Rule(M),
    "journey.Sheet.changed_by": Rule(M),
    "journey.SheetVersion.by": Rule(M),
    "journey.StageStep.by": Rule(M),
    "matching.Listing.person": Rule(S),
    "meetings.CalendarFeed.person": Rule(T),
    "meetings.Meeting.arranged_by": Rule(M, "meetings"),
    "meetings.Meeting.cancelled_by": Rule(M),
    "meetings.MeetingNote.author": Rule(M),
    "membership.Member.person": Rule(T),
    "mentorships.Mentorship.mentee": Rule(M, "relationships as a mentee"),
    "mentorships.Mentorship.mentor": Rule(M, "relationships as a mentor"),
    "mentorships.MentorshipStep.by": Rule(M),
    "mentorships.WaitingPlace.mentee": Rule(T, "places on waiting lists"),
    "mentorships.WaitingPlace.mentor": Rule(T),
    "messaging.Conversation.first": Rule(OWN),
    "messaging.Conversation.second": Rule(OWN),
    "messaging.Draft.reader": Rule(T),
    "messaging.Draft.writer": Rule(T),
    "messaging.Message.sender": Rule(OWN),
    "messaging.Mute.by": Rule(M),
    "messaging.Mute.person": Rule(M),
    "messaging.Report.about": Rule(M),
    "messaging.Report.reporter": Rule(M),
    "messaging.Report.taken_by": Rule(M),
    "messaging.ReportNote.by": Rule(M),
    "messaging.Side.partner": Rule(OWN),
    "messaging.Side.person": Rule(OWN, "conversations"),
    "mfa.Authenticator.user": Rule(S),
    "profiles.Profile.person": Rule(OWN),
    "resources.GuideRead.person": Rule(T, "guides marked as read"),
    "security.KnownBrowser.person": Rule(S),
    "security.StandIn.by": Rule(M),
    "security.StandIn.person": Rule(M),
    "socialaccount.SocialAccount.user": Rule(S),
    "usersessions.UserSession.user": Rule(S),
    # Apps that stand above this one or beside it are named here all the same.
    "insights.MemberFacts.person": Rule(S),
    "insights.Nudge.by": Rule(M),
    "insights.Nudge.person": Rule(M),
    "insights.Searcher.person": Rule(T),
    "privacy.Consent.person": Rule(T),
    "privacy.Permission.person": Rule(T),
    "notices.NoticeRead.person": Rule(T),
    "pairing.Exclusion.person": Rule(T),
    "pairing.LeftOut.mentee": Rule(T),
    "pairing.PairDraft.mentee": Rule(T),
    "pairing.PairDraft.mentor": Rule(T),
    "pairing.Pool.made_by": Rule(M),
    "pairing.Pool.published_by": Rule(M),
    "people.Export.owner": Rule(S),
    "people.Import.made_by": Rule(M),
    "people.Invitation.made_by": Rule(M),
    "people.Invitation.person": Rule(M),
    "privacy.Erasure.by": Rule(M),
    "privacy.ErasureRequest.entered_by": Rule(M),
    "privacy.ErasureRequest.person": Rule(T),
    "privacy.ErasureRequest.settled_by": Rule(M),
    "privacy.Export.by": Rule(M),
    "privacy.Export.person": Rule(S),
    "privacy.LegalHold.by": Rule(M),
    "privacy.LegalHold.ended_by": Rule(M),
    "privacy.LegalHold.person": Rule(T),
    "privacy.RetentionRun.by": Rule(M),
})  # fmt: skip
KEYS: Final = (("feedback.Reply", "respondent"),)
"""Columns that hold a person's key without being foreign keys."""
