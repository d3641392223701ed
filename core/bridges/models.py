"""Where people sign in who have their account elsewhere (product A6)."""

from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.bridges.rules import Kind, Mapping, State
from core.kernel.clock import now
from core.kernel.models import Identified
from core.kernel.rights import ROLE_NAMES, StaffRole
from core.kernel.sealing import seal, unseal

SECRET = "bridges secret"  # noqa: S105 - the purpose of a seal
SP_KEY = "bridges key"


class Provider(Identified):
    """One identity provider of the institute: OpenID Connect or SAML 2.0.

    key: in the addresses that the provider calls. issuer: who signs, of OIDC the issuer, of SAML
    the entity. address: of OIDC the provider's, of SAML its metadata's. metadata: of SAML, as XML.
    mapping: `core.bridges.rules.Mapping`. auto: strangers are led there without a page of ours.
    other_certificate: the one that follows ours or, with `other_until`, that ours followed.
    """

    key = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=4, choices=[(one.value, one.value) for one in Kind])
    name = models.CharField("name", max_length=80)
    button = models.CharField("words on the button", max_length=60)
    state = models.CharField(
        max_length=4, choices=[(one.value, one.value) for one in State], default=State.OFF.value
    )
    order = models.PositiveSmallIntegerField(default=0)
    auto = models.BooleanField(default=False)
    issuer = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=500, blank=True)
    client_id = models.CharField(max_length=190, blank=True)
    secret_sealed = models.TextField(blank=True)
    scopes = models.CharField(max_length=300, blank=True, default="openid profile email")
    metadata = models.TextField(blank=True)
    metadata_read_at = models.DateTimeField(null=True, blank=True)
    sp_certificate = models.TextField(blank=True)
    sp_key_sealed = models.TextField(blank=True)
    other_certificate = models.TextField(blank=True)
    other_key_sealed = models.TextField(blank=True)
    other_until = models.DateTimeField(null=True, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    makes_accounts = models.BooleanField(default=True)
    trusts_addresses = models.BooleanField(default=False)
    ends_sessions = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("order", "name", "id")
        verbose_name = "identity provider"
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="provider_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="provider_state_known"),
            models.UniqueConstraint(
                fields=("auto",), condition=Q(auto=True), name="provider_auto_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether members may sign in through it."""
        return self.state == State.ON

    @property
    def tie(self) -> str:
        """Under which name its subjects are kept: those of another issuer never meet them."""
        kind, named = self.kind, self.mapping.get("subject", "")
        return sha256(f"{kind} {self.issuer} {named}".strip().encode()).hexdigest()

    @property
    def maps(self) -> Mapping:
        """What its claims mean."""
        return Mapping.model_validate(self.mapping)

    @property
    def secret(self) -> str:
        """The client's secret in the open; for the provider alone."""
        return unseal(SECRET, self.secret_sealed) if self.secret_sealed else ""

    @secret.setter
    def secret(self, value: str) -> None:
        self.secret_sealed = seal(SECRET, value) if value else ""

    @property
    def sp_key(self) -> str:
        """Our private key with this provider (SAML)."""
        return unseal(SP_KEY, self.sp_key_sealed) if self.sp_key_sealed else ""

    @sp_key.setter
    def sp_key(self, value: str) -> None:
        self.sp_key_sealed = seal(SP_KEY, value) if value else ""

    @property
    def other_key(self) -> str:
        """The private key of the next or the old certificate of ours (SAML)."""
        return unseal(SP_KEY, self.other_key_sealed) if self.other_key_sealed else ""

    @other_key.setter
    def other_key(self, value: str) -> None:
        self.other_key_sealed = seal(SP_KEY, value) if value else ""

    @property
    def has_next(self) -> bool:
        """Whether a certificate of ours waits to be used."""
        return bool(self.other_certificate) and self.other_until is None

    @property
    def has_old(self) -> bool:
        """Whether the certificate before the present one still opens what comes."""
        until = self.other_until
        return bool(self.other_certificate) and until is not None and now() < until

    def get_absolute_url(self) -> str:
        """Where staff change it."""
        return reverse("staff:provider", args=[self.pk])


class GivenRole(Identified):
    """That somebody is on the programme team because of a group at the provider, and as what."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="given_roles")
    role = models.CharField(
        max_length=20, choices=[(role.value, ROLE_NAMES[role]) for role in StaffRole]
    )
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role}"


class Rescue(Identified):
    """A one-time way in for staff while the provider is down; the link holds this row's key."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "rescue link"

    def __str__(self) -> str:
        return f"{self.person_id} at {self.at}"
