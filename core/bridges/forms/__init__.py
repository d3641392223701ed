"""Forms of bridges."""

from core.bridges.forms.provider import NameForm, OpenIdForm, SettingsForm
from core.bridges.forms.rescue import RescueForm
from core.bridges.forms.saml import MetadataForm

__all__ = ["MetadataForm", "NameForm", "OpenIdForm", "RescueForm", "SettingsForm"]
