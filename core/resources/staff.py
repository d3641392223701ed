"""Guides, pictures and videos on the staff site (product F4)."""

from typing import Any
from uuid import UUID

from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.staff import StaffAdmin, StaffStackedInline, staff_site
from core.programme.queries import in_our_words
from core.programme.staff import filter_by, worded
from core.programme.staff.origins import Origin, WithOrigin, origin_page
from core.resources import queries, services
from core.resources.forms import GuideForm, PictureForm, VideoForm
from core.resources.models import Guide, Picture, Video

ORIGIN = Origin(Guide, "guide", "slug", "guide_origin")


class Videos(StaffStackedInline):
    """The videos of a guide, under its text."""

    may_delete = True
    model = Video
    form = VideoForm
    fields = ("title", "file", "captions_file", "link", "minutes", "transcript", "order", "here")
    readonly_fields = ("here",)
    ordering = ("order", "id")

    @display(description="kept here")
    def here(self, video: Video) -> str:
        """What is stored of it."""
        if not video.stored_as:
            return "nothing"
        captions = "with captions" if video.captions else "without captions"
        return f"{video.content_type}, {video.size / 1_000_000:.1f} MB, {captions}"


class Guides(WithOrigin, StaffAdmin):
    """Staff write, change, order and hide guides. Hiding keeps the marks of readers."""

    origin = ORIGIN
    form = GuideForm
    inlines = (Videos,)
    list_display = ("named", "audience", "under", "in_stage", "order", "required", "active")
    list_filter = (
        "audience",
        filter_by("topic", "topic", in_our_words),
        filter_by("stage", "stage", lambda key: queries.stages().get(key, key)),
        "required",
        "active",
    )
    list_editable = ("order", "active")
    search_fields = ("title", "summary", "body")
    fields = GuideForm.Meta.fields
    change_form_after_template = "resources/staff_preview_button.html"

    named = worded("title", "title")
    under = worded("topic", "topic")

    @display(description="stage", ordering="stage")
    def in_stage(self, guide: Guide) -> str:
        return self._stages.get(guide.stage, guide.stage)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The names of the stages are read once for the list."""
        self._stages = queries.stages()
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Videos go through the services, which keep their files."""
        if formset.model is not Video:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for gone in formset.deleted_objects:
            gone.delete()
        for one in formset.forms:
            if one.has_changed() and one not in formset.deleted_forms:
                _save_video(one)


def _save_video(form: VideoForm) -> None:
    video, given = form.instance, form.cleaned_data
    if given["captions_file"]:
        video.captions = given["captions_file"]
    if given["file"]:
        if not given["captions_file"]:
            video.captions = ""
        services.keep_video(video, given["file"], content_type=form.content_type)
    elif given["link"]:
        services.link_video(video)
    else:
        video.save()


class Pictures(StaffAdmin):
    """Pictures that guides show by their key."""

    form = PictureForm
    list_display = ("key", "alt", "width", "height")
    search_fields = ("key", "alt")
    fields = ("file", "key", "alt", "preview")
    readonly_fields = ("preview",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Guides name it by its key."""
        return ("key", "preview") if obj else ("preview",)

    @display(description="how it looks")
    def preview(self, picture: Picture) -> SafeString | str:
        if not picture.stored_as:
            return "It is shown here when it is saved."
        return format_html(
            '<img src="{}" alt="{}" width="320">', picture.get_absolute_url(), picture.alt
        )

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        """The file goes through the service."""
        if form.cleaned_data.get("file"):
            content, content_type, width, height = form.cleaned_data["file"]
            services.keep_picture(
                obj, content, content_type=content_type, width=width, height=height
            )
        else:
            obj.save()


@staff_site.page("guides/preview/", "guide_preview")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """How a guide would look to its readers, before anything of it is saved."""
    text = {name: in_our_words(request.POST.get(name, "")) for name in ("title", "summary")}
    body = request.POST.get("body", "")[: Guide._meta.get_field("body").max_length or 0]
    return render(
        request,
        "resources/preview.html",
        {**text, "body": queries.shown(in_our_words(body.replace("\r\n", "\n")))},
    )


@staff_site.page("guides/<uuid:guide_id>/origin/", "guide_origin")
@require_http_methods(["GET", "HEAD", "POST"])
def guide_origin(request: HttpRequest, guide_id: UUID) -> HttpResponse:
    """A guide beside the one that the bundle brought."""
    return origin_page(request, ORIGIN, guide_id)


staff_site.register(Guide, Guides)
staff_site.register(Picture, Pictures)
