"""The rules of the programme as a form: every policy has a box, in groups, explained in words."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from pydantic import ValidationError as Refused

from core.kernel import outgoing
from core.programme.rules import FILE_KINDS, KEPT, Policies

KIND_NAMES: Final = {"picture": "Pictures", "document": "Documents", "text": "Texts and tables"}

KEPT_NAMES: Final = {"password": "The password", "email": "The e-mail address", "name": "The name"}


class DaysField(forms.CharField):
    """Days such as "3, 7, 15", each later than the one before."""

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").replace(";", ",")
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not all(part.isdecimal() and len(part) < 4 for part in parts):
            raise ValidationError("Write whole numbers with commas between them: 3, 7, 15.")
        days = [int(part) for part in parts]
        if sorted(set(days)) != days or 0 in days:
            raise ValidationError("Each number has to be larger than the one before.")
        if len(days) > 6:
            raise ValidationError("Six reminders at most.")
        return days

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _yes_no(label: str, hint: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=hint, required=False)


def _number(label: str, low: int, high: int, hint: str = "", *, needed: bool = True) -> Any:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=low,
        max_value=high,
        required=needed,
        error_messages={
            "required": "Write a number.",
            "invalid": "Write a whole number.",
            "min_value": f"Write {low} or more.",
            "max_value": f"Write {high} or less.",
        },
    )


def _one_of(label: str, choices: dict[str, str], hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=list(choices.items()), help_text=hint, widget=forms.RadioSelect
    )


class PoliciesForm(forms.Form):
    """All rules. Names are those of `Policies`; `GROUPS` says what stands together."""

    use_required_attribute = False

    self_registration = _yes_no(
        "Anybody may register", "Without it, people come by invitation or import."
    )
    sign_in = _one_of(
        "How people sign in",
        {"local": "With an account of this site", "membership": "With the society’s membership"},
    )
    membership_link = forms.CharField(
        label="Address of the membership’s sign-in page",
        required=False,
        max_length=300,
        help_text="Only with membership sign-in. The whole address, beginning with https://.",
    )
    membership_keeps = forms.MultipleChoiceField(
        label="What is changed at the society alone",
        required=False,
        choices=[(one, KEPT_NAMES[one]) for one in KEPT],
        widget=forms.CheckboxSelectMultiple,
        help_text="Only with membership sign-in. Members see a way to the society’s site instead.",
    )
    membership_grace_days = _number(
        "Days of grace after a membership has lapsed", 0, 365,
        "Until they are over, everything stays open. 0: none.",
    )  # fmt: skip
    lapsed_members = _one_of(
        "When the days of grace are over",
        {
            "finish": "Members finish what they have begun and begin nothing new",
            "look": "Members may only look",
            "out": "Members are out at once, and withdrawn from what is open",
        },
        "For members of whom the society says that their membership has lapsed or ended.",
    )
    second_factor = _one_of(
        "A second step at sign-in",
        {
            "optional": "Everybody as they like",
            "staff": "The programme team has to have one",
        },
        "An app or a passkey beside the password.",
    )
    demo_sign_in_notice = _yes_no(
        "Say at sign-in that these are demonstration accounts",
        "For a site that is only shown around. Take it away before members come.",
    )
    account_return_days = _number(
        "Days in which a deleted account can come back", 1, 365,
        "The mail about the deletion has the link.",
    )  # fmt: skip
    profile_gate = _yes_no(
        "The profile comes first",
        "Until a member’s profile is complete, only the profile, the guides and the account open.",
    )
    guides_first = _yes_no(
        "Guides come before the profile",
        "Members read the guides that are marked as “to be read first” before their profile opens.",
    )
    full_mentors = _one_of(
        "Mentors who have no place left",
        {
            "hidden": "Are not found until a place is free",
            "shown": "Are found, marked as full, and mentees can wait for a place",
        },
    )
    default_capacity = _number(
        "How many mentees a mentor takes", 1, 50, "For mentors who have not said so themselves."
    )
    open_request_limit = _number(
        "How many can be open at once", 1, 50,
        "What a mentee has sent and nobody has answered yet. Leave it empty for no limit.",
        needed=False,
    )  # fmt: skip
    reminder_days = DaysField(
        label="Days on which the mentor is reminded",
        required=False,
        help_text="Counted from the day on which it was sent, for example 3, 7, 15. "
        "Empty: no reminders.",
    )
    lapse_days = _number(
        "Days after which it is withdrawn by itself", 1, 365,
        "Both are told, and the mentee hears who else fits. The clock stands still while the "
        "mentee is asked for something.",
    )  # fmt: skip
    negotiation = _one_of(
        "When a mentor wants to know more",
        {
            "message_first": "They write a message, then accept or decline",
            "ask_for_changes": "They can ask for changes, and the mentee sends a new version",
            "edit_details": "The mentee changes the details at any time",
        },
    )
    who_completes = _one_of(
        "Who says that a journey is complete",
        {
            "each": "Each of the two marks it",
            "either": "Either of the two",
            "mentor_when_asked": "The mentor, when the mentee asks",
            "mentor": "The mentor",
            "mentee": "The mentee",
        },
        "The same rule holds for the stages on the way.",
    )
    feedback = _one_of(
        "Feedback at the end",
        {
            "optional": "Asked once; members can say no",
            "asked": "Asked and reminded; members can say no",
            "required": "Asked and reminded until it is there",
        },
        "It never keeps anybody from going on or leaving.",
    )
    feedback_reminder_days = DaysField(
        label="Days on which missing feedback is asked for again",
        required=False,
        help_text="Counted from the day on which somebody was asked, for example 7, 21.",
    )
    feedback_midpoint_weeks = _number(
        "Weeks after which both are asked on the way", 1, 104,
        "Leave it empty to ask at the end alone.", needed=False,
    )  # fmt: skip
    feedback_after_end = _yes_no("Ask also when a relationship ends early")
    goal_reminder_days = _number(
        "Days before its date on which a goal is brought to mind", 0, 30, "0: not at all."
    )
    meeting_zone_sentence = forms.CharField(
        label="A sentence about time zones, where meetings are arranged",
        required=False,
        max_length=300,
        help_text="For example: All times are yours; the other sees theirs. "
        "The time zone of the programme itself stands under names and addresses.",
    )
    video_link = forms.CharField(
        label="Your own video service",
        required=False,
        max_length=300,
        help_text="An address with {room} in it, such as https://meet.example.org/{room}. "
        "Empty: the rooms of this site.",
    )
    video_minutes_before = _number("Minutes for which a room opens before its meeting", 0, 240)
    video_minutes_after = _number("Minutes for which it stays open afterwards", 0, 240)
    file_size_mb = _number("Largest file in a message, in MB", 1, 20)
    files_per_message = _number("Files in one message", 1, 10)
    file_kinds = forms.MultipleChoiceField(
        label="Kinds of files",
        required=False,
        choices=[(kind, KIND_NAMES[kind]) for kind in FILE_KINDS],
        widget=forms.CheckboxSelectMultiple,
        help_text="None of them: messages carry no files.",
    )

    GROUPS: Final = (
        ("Coming in", ("self_registration", "sign_in", "membership_link", "membership_keeps",
                       "second_factor", "demo_sign_in_notice", "account_return_days")),
        ("When a membership lapses", ("membership_grace_days", "lapsed_members")),
        ("Before anything else", ("profile_gate", "guides_first")),
        ("Finding a mentor", ("full_mentors", "default_capacity", "open_request_limit")),
        ("Waiting for an answer", ("reminder_days", "lapse_days", "negotiation")),
        ("On the way and at the end", ("who_completes", "feedback", "feedback_reminder_days",
                                       "feedback_midpoint_weeks", "feedback_after_end",
                                       "goal_reminder_days")),
        ("Meetings", ("meeting_zone_sentence", "video_link", "video_minutes_before",
                      "video_minutes_after")),
        ("Files in messages", ("file_size_mb", "files_per_message", "file_kinds")),
    )  # fmt: skip

    @staticmethod
    def begun_with(policies: Policies) -> dict[str, Any]:
        """What stands in the boxes at first."""
        return policies.model_dump(mode="json")

    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The boxes in their groups."""
        for title, names in self.GROUPS:
            yield title, [self[name] for name in names]

    def clean_membership_link(self) -> str | None:
        return self.cleaned_data["membership_link"].strip() or None

    def clean_video_link(self) -> str | None:
        return self.cleaned_data["video_link"].strip() or None

    def clean_meeting_zone_sentence(self) -> str:
        return " ".join(self.cleaned_data["meeting_zone_sentence"].split())

    def clean(self) -> dict[str, Any]:
        """What only several boxes together can tell."""
        cleaned = super().clean() or self.cleaned_data
        link, days = cleaned.get("membership_link"), cleaned.get("reminder_days")
        if cleaned.get("sign_in") == "membership":
            if cleaned.get("self_registration"):
                self.add_error(
                    "self_registration", "With membership sign-in nobody registers here."
                )
            if not link and "membership_link" not in self.errors:
                self.add_error("membership_link", "Write the address of the sign-in page.")
        elif link:
            self.add_error("membership_link", "Only membership sign-in uses this: leave it empty.")
        if link and not link.startswith("https://") and not outgoing.is_named(link):
            self.add_error("membership_link", "Write the whole address, beginning with https://.")
        lapse = cleaned.get("lapse_days")
        if days and lapse is not None and lapse <= days[-1]:
            self.add_error("lapse_days", f"It has to come after the last reminder, day {days[-1]}.")
        if not self.errors:
            self._checked(cleaned)
        return cleaned

    def _checked(self, cleaned: dict[str, Any]) -> None:
        """The rules as the product takes them; what it refuses stands beside its box."""
        try:
            Policies.model_validate(cleaned)
        except Refused as refused:
            for error in refused.errors():
                name = str(error["loc"][0]) if error["loc"] else None
                message = (
                    "Write a whole https:// address with {room} in it."
                    if name == "video_link"
                    else error["msg"]
                )
                self.add_error(name if name in self.fields else None, message)

    @property
    def policies(self) -> Policies:
        """The rules; only of a valid form."""
        return Policies.model_validate({name: self.cleaned_data[name] for name in self.fields})
