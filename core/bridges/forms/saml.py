"""What staff hand in of a SAML provider: its metadata."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from core.bridges.models import Provider
from core.bridges.services.saml import metadata
from core.bridges.services.saml.documents import Unreadable
from core.bridges.services.saml.keeping import put_metadata


class MetadataForm(forms.Form):
    """A file, or the address that has it. Either is read before anything is kept."""

    file = forms.FileField(
        label="Metadata file",
        required=False,
        help_text="An XML file that the provider gives you. It holds no secret.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )
    address = forms.URLField(
        label="Address of the metadata",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Instead of a file. We then ask for new keys every day.",
        error_messages={"invalid": "Enter an address that begins with https://."},
    )

    source: bytes = b""
    party: metadata.Party | None = None

    def clean(self) -> dict[str, Any]:
        """Read what was given; what is wrong with it stands beside its field."""
        found = super().clean() or self.cleaned_data
        file: UploadedFile[Any] | None = found.get("file")
        address = found.get("address") or ""
        if self.errors:
            return found
        if file is None and not address:
            raise forms.ValidationError("Give the metadata as a file or as an address.")
        try:
            if file is not None:
                self.source = file.read(metadata.LARGEST + 1)
                self.party = metadata.read(self.source)
            else:
                self.source, self.party = metadata.fetch(address)
        except Unreadable as problem:
            self.add_error("file" if file is not None else "address", str(problem))
        return found

    def put(self, provider: Provider) -> None:
        """Write the metadata into a provider's row, which the caller saves."""
        assert self.party is not None
        put_metadata(
            provider, self.source, self.party, address=self.cleaned_data.get("address") or ""
        )
