"""One conversation a pair of people, read by these two alone (product B9, D4, decision 4)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.models import Identified
from core.messaging.rules.files import FORMATS, FileKind, ending, in_size


class Kind(models.TextChoices):
    """A question is asked on the mentor's page, before there is anything between the two."""

    MESSAGE = "message", "Message"
    QUESTION = "question", "Question"


class Conversation(Identified):
    """What two people write to each other: before, during and after any relationship."""

    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=now)
    last_number = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "conversation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="one_conversation_a_pair"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="conversation_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Side(Identified):
    """How far one of the two has read, and when a mail about the rest is due."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="sides")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    read_number = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "side of a conversation"
        verbose_name_plural = "sides of conversations"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "partner"], name="one_side_a_partner"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["mail_due_at"],
                name="side_mail_due",
                condition=Q(mail_due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"side {self.pk}"


class Message(Identified):
    """Written once, never changed. `key` comes with the form: sent twice it is there once."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    number = models.PositiveIntegerField()
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MESSAGE)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=now)
    key = models.UUIDField(default=new_id)

    class Meta:
        verbose_name = "message"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "number"], name="message_number_once"),
            models.UniqueConstraint(
                fields=["conversation", "sender", "key"], name="message_sent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.number}"

    @property
    def is_question(self) -> bool:
        """Whether it was asked on the mentor's page."""
        return self.kind == Kind.QUESTION


class Attachment(Identified):
    """A file that went along with a message.

    `stored_as` is the name in the private storage; it says nothing of the file or its people.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="files")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)
    stored_as = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in FileKind])
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "file"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it may be shown in a page: we drew it anew ourselves."""
        return self.kind == FileKind.PICTURE

    @property
    def words(self) -> str:
        """Kind and size: "PDF, 640 kB"."""
        known = FORMATS.get(ending(self.name))
        return f"{known.words if known else 'File'}, {in_size(self.size)}"


class Draft(Identified):
    """What somebody is writing to somebody: kept as it is typed, gone when it is sent."""

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    saved_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["writer", "reader"], name="one_draft_a_reader"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
