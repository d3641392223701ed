"""Notices of the programme team, and who has read them (product F5)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.clock import today
from core.kernel.models import Identified
from core.notices.rules import AUDIENCES
from core.programme.models import Worded

ADDRESS = RegexValidator(
    r"^(?:https://[^\s]+|/(?!/)[^\s]*)\Z",
    "Write an address that begins with https://, or a path of this site such as /resources/.",
)


class NoticeState(models.TextChoices):
    """Where a notice stands."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Notice(Worded, Identified):
    """What is new, for members to read: from a day on, and until one if it has an end."""

    worded = ("title", "body")

    title = models.CharField(
        max_length=120, help_text="Write {{ mentors }} and so on for the programme’s own words."
    )
    body = models.TextField("text", max_length=6000, help_text="Markdown.")
    audience = models.CharField("for", max_length=10, choices=AUDIENCES, default="everyone")
    first_day = models.DateField("from", default=today)
    last_day = models.DateField(
        "until", null=True, blank=True, help_text="The last day. Left empty, it stays."
    )
    link_label = models.CharField("words of the link", max_length=80, blank=True)
    link_url = models.CharField(
        "address of the link", max_length=300, blank=True, validators=[ADDRESS]
    )
    state = models.CharField(
        max_length=10, choices=NoticeState, default=NoticeState.DRAFT, editable=False
    )
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "notice"
        verbose_name_plural = "notices"
        ordering = ("-first_day", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="notice_ends_after_it_begins",
                violation_error_message="It cannot end before it begins.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("staff:notice", args=[self.pk])

    def clean(self) -> None:
        """A link has words and an address; it ends after it begins."""
        super().clean()
        if bool(self.link_label) != bool(self.link_url):
            place = "link_label" if self.link_url else "link_url"
            raise ValidationError({place: "A link has words and an address."})
        begins: date | None = self.first_day
        if self.last_day and begins and self.last_day < begins:
            raise ValidationError({"last_day": "It cannot end before it begins."})


class NoticeRead(Identified):
    """Somebody has read a notice, or put it away unread: it is not shown to them again."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "mark of reading"
        verbose_name_plural = "marks of reading"
        constraints = (
            models.UniqueConstraint(fields=("person", "notice"), name="notice_read_once"),
        )

    def __str__(self) -> str:
        return f"{self.person} has read {self.notice}"
