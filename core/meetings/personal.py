"""Meetings of two people and what they note about them."""

from django.db.models import Q

from core.kernel.personal import (
    ONLY_YOU,
    THE_TWO,
    Group,
    Kept,
    Remove,
    Unname,
    keeps,
    kinds,
)

keeps(
    Kept(
        "meetings.Meeting",
        "Your meetings",
        group=Group.WORK,
        purpose="So that both of you know when and where, and are reminded.",
        seen_by=THE_TWO,
        people=("mentorship__mentor", "mentorship__mentee"),
        named=("arranged_by", "cancelled_by"),
        fields=kinds(
            words="title place details",
            choices="time_zone is_video",
            activity="starts_at minutes ends_at sent_to_mentor sent_to_mentee sequence "
            "cancelled_at created_at changed_at reminded_for",
            technical="form_key",
            sealed="room_key",
        ),
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "meetings.MeetingNote",
        "Your notes on meetings",
        group=Group.WORK,
        purpose="So that you remember what you spoke about.",
        seen_by="Only you, or you and your partner where you share a note",
        people=("author",),
        fields=kinds(
            words="body", choices="shared", activity="written_at changed_at", technical="form_key"
        ),
        beside={"Meeting": "meeting__title", "It was on": "meeting__starts_at"},
        with_whom=("meeting__mentorship__mentor", "meeting__mentorship__mentee"),
        on_erase=Remove(only=Q(shared=False)),
    ),
    Kept(
        "meetings.CalendarFeed",
        "The address of your calendar",
        group=Group.WORK,
        purpose="So that your calendar programme can read your meetings.",
        seen_by=ONLY_YOU,
        people=("person",),
        fields=kinds(sealed="key", activity="made_at"),
        on_erase=Remove(),
    ),
)
