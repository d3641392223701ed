"""Which bundle becomes an institute, and under which names."""

from typing import Any

from django import forms

from console.forms.fields import plain_text
from console.queries import bundles, institute_called
from tenants import names
from tenants.errors import NameRefused
from tenants.unpacking import LARGEST_ZIP


class NamesForm(forms.Form):
    """The short name and an own domain."""

    slug = plain_text(
        "Short name",
        60,
        "The first part of its address: lower-case letters, digits and hyphens.",
        required="Enter a short name.",
    )
    domain = plain_text(
        "Own domain (optional)",
        253,
        "For example mentoring.institute.example. It is served once a TXT record proves that it "
        "is theirs.",
    )

    def __init__(self, *args: Any, base_host: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base_host = base_host

    def clean_slug(self) -> str:
        """A name that an institute may have and that nobody has."""
        slug = str(self.cleaned_data["slug"]).strip()
        try:
            names.checked_slug(slug)
        except NameRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if institute_called(slug) is not None:
            raise forms.ValidationError(f"There is an institute {slug!r} already.")
        return slug

    def clean_domain(self) -> str:
        """A host name that could be theirs, as it is stored; empty for none."""
        domain = str(self.cleaned_data["domain"]).strip()
        if not domain:
            return ""
        try:
            return names.checked_domain(domain, base_host=self.base_host)
        except NameRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class ProvisionForm(NamesForm):
    """A shipped bundle, and the names."""

    field_order = ("bundle", "slug", "domain")

    bundle = forms.ChoiceField(
        label="Bundle",
        help_text="The settings, texts and look that the institute begins with.",
        error_messages={"required": "Choose a bundle."},
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bundle"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in bundles()]


class UploadForm(forms.Form):
    """A bundle as a zip."""

    file = forms.FileField(
        label="Zip of the bundle’s folder",
        help_text=f"At most {LARGEST_ZIP // 1_000_000} MB. It is checked before anything is made.",
        error_messages={"required": "Choose a zip.", "empty": "This file is empty."},
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> Any:
        """Errors: a file that is too large to be read."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_ZIP:
            limit = LARGEST_ZIP // 1_000_000
            raise forms.ValidationError(f"The zip is larger than {limit} MB.")
        return file
