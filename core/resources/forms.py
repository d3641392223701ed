"""What staff fill in: guides, pictures and videos."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from core.kernel.files import Unfit
from core.resources import queries, rules, services
from core.resources.models import Guide, Picture, Video


class GuideForm(forms.ModelForm[Guide]):
    """A guide. The stages on offer are those of the institute's journey."""

    class Meta:
        model = Guide
        fields = (
            "title", "slug", "summary", "audience", "topic", "stage", "order", "required",
            "active", "body",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = queries.stages()
        kept = self.instance.stage
        if kept not in known:  # a stage that the journey no longer has
            known[kept] = f"{kept} (no longer in the journey)"
        stage = self.fields.get("stage")
        if stage is not None:
            self.fields["stage"] = forms.ChoiceField(
                label="Stage",
                choices=list(known.items()),
                initial="any",
                widget=UnfoldAdminSelectWidget,
            )

    def clean_body(self) -> str:
        """Refuse pictures that are not there, so that no guide shows a gap."""
        body = str(self.cleaned_data["body"])
        named = rules.pictures_named(body)
        there = set(Picture.objects.filter(key__in=named).values_list("key", flat=True))
        missing = [key for key in named if key not in there]
        if missing:
            raise ValidationError(
                f"There is no picture “{missing[0]}”. Add it under Pictures first."
            )
        return body


class PictureForm(forms.ModelForm[Picture]):
    """A picture with what it shows in words."""

    file = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG, GIF or WebP. It is drawn anew.",
        widget=UnfoldAdminFileFieldWidget,
    )

    class Meta:
        model = Picture
        fields = ("file", "key", "alt")
        help_texts = {"key": "Guides show it by ![what it shows](key)."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.stored_as:
            self.fields["file"].required = False

    def clean_file(self) -> Any:
        """The picture as it will be kept: (content, content type, width, height)."""
        upload = self.cleaned_data.get("file")
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return services.check_picture(upload)
        except Unfit as unfit:
            raise ValidationError(f"This file {unfit.message}") from None


class VideoForm(forms.ModelForm[Video]):
    """A video: a file with captions, or the address of a page."""

    file = forms.FileField(
        label="Video file",
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=f"MP4 or WebM, {rules.LARGEST_VIDEO // rules.MEGABYTE} MB at most.",
    )
    captions_file = forms.FileField(
        label="Captions",
        required=False,
        help_text="A WebVTT file (.vtt) for a video file.",
        widget=UnfoldAdminFileFieldWidget,
    )

    class Meta:
        model = Video
        fields = ("title", "file", "captions_file", "link", "minutes", "transcript", "order")

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"]).strip()
        if link and not rules.is_link(link):
            raise ValidationError("Write a full web address that starts with https://.")
        return link

    def clean_file(self) -> UploadedFile[Any] | None:
        upload = self.cleaned_data.get("file")
        if not isinstance(upload, UploadedFile):
            return None
        try:
            self.content_type = services.check_video(upload)
        except Unfit as unfit:
            raise ValidationError(f"This file {unfit.message}") from None
        return upload

    def clean_captions_file(self) -> str | None:
        upload = self.cleaned_data.get("captions_file")
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return rules.captions_text(upload.read(rules.LARGEST_CAPTIONS + 1))
        except Unfit as unfit:
            raise ValidationError(f"This file {unfit.message}") from None

    def clean(self) -> dict[str, Any]:
        """A file or a link, not both and not none; captions belong to a file."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        has_file = bool(cleaned.get("file"))
        if has_file and cleaned.get("link"):
            raise ValidationError("Give a file or a web page, not both.")
        if not (has_file or cleaned.get("link") or self.instance.stored_as):
            raise ValidationError("Give a file or the web page of the video.")
        if cleaned.get("captions_file") and cleaned.get("link"):
            self.add_error("captions_file", "Captions belong to a video file.")
        return cleaned
