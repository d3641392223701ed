"""A person with an account on this site."""

from typing import Any, ClassVar, Literal

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from core.kernel.clock import now
from core.kernel.models import Identified
from core.kernel.rights import ROLE_NAMES, StaffRole

Role = Literal["mentor", "mentee"]


class PersonManager(BaseUserManager["Person"]):
    """Makes people; addresses and usernames are kept in lower case."""

    def create_user(
        self, username: str, email: str, password: str | None = None, **fields: Any
    ) -> "Person":
        """A person who may sign in with `password`, or with none when it is None."""
        if not username or not email:
            raise ValueError("a person needs a username and an e-mail address")
        person = self.model(username=username.lower(), email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(
        self, username: str, email: str, password: str | None = None, **fields: Any
    ) -> "Person":
        """A person with every staff right."""
        return self.create_user(
            username, email, password, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find by username, whatever its case."""
        return self.get(username__iexact=username or "")


class Person(Identified, AbstractBaseUser, PermissionsMixin):
    """Mentor, mentee, both, or staff of this one site."""

    username = models.CharField(
        max_length=60,
        unique=True,
        error_messages={"unique": "This username is taken."},
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]*\Z",
                "Use lower-case letters, digits, full stops, hyphens and underscores, and begin "
                "with a letter or digit.",
            )
        ],
    )
    email = models.EmailField("e-mail address")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    job_title = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=60, default="Europe/London")
    is_mentor = models.BooleanField("wants to be a mentor", default=False)
    is_mentee = models.BooleanField("wants to be a mentee", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    is_staff = models.BooleanField("member of the programme team", default=False)
    staff_role = models.CharField(
        "role on the programme team",
        max_length=20,
        choices=[(role.value, ROLE_NAMES[role]) for role in StaffRole],
        default=StaffRole.MANAGER.value,
    )
    joined_at = models.DateTimeField(default=now)
    # Set by every way of closing an account, empty again once it is open.
    closed_at = models.DateTimeField("closed on", null=True, blank=True, editable=False)
    closed_by_owner = models.BooleanField("deleted by themselves", default=False, editable=False)
    # Stays when the account is opened again: what was signed in before the closing is not.
    last_closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Everything about them is gone (core.privacy); the row stays for what others keep.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    muted_mails = models.JSONField("mails not wanted", default=list, blank=True, editable=False)
    # The operator of the platform whom this row stands for on support visits (core.security).
    support_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name="merged into",
    )

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ("last_name", "first_name", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(username=Lower("username")), name="person_username_is_lower_case"
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_once",
                violation_error_message="This e-mail address is taken.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Closing the account ends its sessions for good, also when the person comes back."""
        kept: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if self.last_closed_at is None:
            return kept
        stamp = f"{kept}{self.last_closed_at.isoformat()}"
        return salted_hmac("accounts.session", stamp, secret, algorithm="sha256").hexdigest()

    @property
    def full_name(self) -> str:
        """First and last name, or the username of someone who gave neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.username

    def get_full_name(self) -> str:
        """The same, under the name by which libraries ask for it."""
        return self.full_name

    @property
    def is_operator(self) -> bool:
        """Whether this row stands for an operator of the platform who visits: never a member."""
        return self.support_key is not None

    @property
    def initials(self) -> str:
        """One or two letters for a picture's place."""
        return "".join(part[0] for part in (self.first_name, self.last_name) if part).upper() or (
            self.username[:1].upper()
        )

    @property
    def roles(self) -> list[Role]:
        """The roles that the person wants to have, mentor first."""
        roles: list[Role] = []
        if self.is_mentor:
            roles.append("mentor")
        if self.is_mentee:
            roles.append("mentee")
        return roles


class Block(Identified):
    """One person wants nothing more to do with another (product D10).

    It works both ways: neither finds, writes to or asks the other. The blocked one is never told.
    """

    blocker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="blocked_by")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("blocker", "blocked"), name="block_once"),
            models.CheckConstraint(
                condition=~Q(blocker=models.F("blocked")), name="block_not_oneself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.blocker} blocks {self.blocked}"


class KeptApart(Identified):
    """Staff looked at two alike accounts and said that they are two people; `one` < `other`."""

    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "pair that is not one person"
        verbose_name_plural = "pairs that are not one person"
        constraints = (
            models.UniqueConstraint(fields=("one", "other"), name="kept_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="apart_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"
