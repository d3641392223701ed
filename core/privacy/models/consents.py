"""What people agreed to, in which version, and what they allowed of their own free will."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import Identified
from core.kernel.text import render_markdown


class DocumentKind(models.TextChoices):
    """The legal pages that people agree to; the value is the page's slug."""

    PRIVACY = "privacy", "Privacy policy"
    TERMS = "terms", "Terms of use"


class How(models.TextChoices):
    """On which occasion somebody agreed."""

    REGISTRATION = "registration", "when the account was made"
    INVITATION = "invitation", "when an invitation was accepted"
    FIRST_SIGN_IN = "first_sign_in", "at the first sign-in"
    ASKED_AGAIN = "asked_again", "when the page had changed"
    OWN_PAGE = "own_page", "on the page of agreements"


class Document(Identified):
    """A legal page as it was from a moment on. A change of the text makes the next number.

    asks_again: whether everybody has to agree to this version; None until the team has decided.
    """

    kind = models.CharField(max_length=10, choices=DocumentKind.choices)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    body = models.TextField()
    noted_at = models.DateTimeField(default=now)
    asks_again = models.BooleanField(null=True, default=None)
    asks_from = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "-number")
        verbose_name = "version of a legal page"
        verbose_name_plural = "versions of legal pages"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values), name="document_kind_known"
            ),
            models.UniqueConstraint(fields=("kind", "number"), name="document_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def html(self) -> SafeString:
        """The text as its readers saw it."""
        return render_markdown(self.body)


class Consent(Identified):
    """Somebody agreed to a version of a legal page. Never changed."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="consents")
    at = models.DateTimeField(default=now)
    how = models.CharField(max_length=15, choices=How.choices)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "agreement"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=How.values), name="consent_how_known"),
            models.UniqueConstraint(fields=("person", "document"), name="consent_once"),
        ]

    def __str__(self) -> str:
        return f"agreement to {self.document}"


class Purpose(Identified):
    """Something for which the institute asks, and which nobody needs to allow."""

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    text = models.TextField("what it means", max_length=1000)
    active = models.BooleanField("is asked for", default=True)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ("order", "key")
        verbose_name = "optional consent"
        verbose_name_plural = "optional consents"

    def __str__(self) -> str:
        return self.label


class Permission(Identified):
    """Somebody allowed a purpose, with the words as they stood, until they took it back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="permissions")
    text = models.TextField()
    at = models.DateTimeField(default=now)
    how = models.CharField(max_length=15, choices=How.choices)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "permission"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=How.values), name="permission_how_known"),
            models.UniqueConstraint(
                fields=("person", "purpose"),
                condition=Q(withdrawn_at=None),
                name="permission_in_force_once",
            ),
        ]

    def __str__(self) -> str:
        return f"permission for {self.purpose}"
