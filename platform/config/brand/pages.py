"""Staff choose the look: with a preview of real pages, warnings, and a way back (product F4)."""

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from config.brand import samples as _samples  # noqa: F401 - registers what previews show
from core.accounts.models import Person
from core.kernel import audit, previews
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from theming import editor, queries, services
from theming.models import Brand
from theming.queries import Look, compose, look_or_plain
from theming.stylesheet import stylesheet
from theming.svg import in_colour
from theming.tokens import Seeds, SeedsRefused

WHAT = "brand"


@staff_site.page("brand/", "brand")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """The editor. Posting with `do=preview` keeps the draft, else it puts the look in force;
    `?version=` begins with an earlier look."""
    if request.method != "POST":
        return _begin(request)
    form = editor.LookForm(request.POST, request.FILES)
    drawing = _drawing(request, form)
    if request.POST.get("do") == "preview":
        return _preview(request, form, drawing)
    if not form.is_valid():
        return _editor(request, form, _draft(request), status=422)
    if request.POST.get("kept") and _tried(request, request.POST["kept"]) is None:
        messages.warning(request, "What you had chosen was kept for two hours. Look it over again.")
        return _editor(request, form, _keep(request, form.seeds, drawing))
    return _save(request, form, drawing)


@staff_site.page("brand/preview/", "brand_preview")
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """One page in the look of a draft: `?draft=`, `?show=`, `?scheme=`."""
    draft, scheme = request.GET.get("draft", ""), _scheme(request)
    tried = _tried(request, draft)
    look = look_or_plain()
    if tried is not None:
        address = f"{reverse('staff:brand_css')}?draft={draft}&scheme={scheme}"
        logo = reverse("staff:brand_logo", args=[draft]) if tried.drawing else ""
        look = Look(**{**vars(tried), "css_url": address, "logo_url": logo, "icon_url": ""})
    return previews.drawn(request, previews.sample(request.GET.get("show", "")), look=look)


@staff_site.page("brand/preview.css", "brand_css")
@require_safe
def preview_css(request: HttpRequest) -> HttpResponse:
    """The stylesheet of a draft in one scheme."""
    draft = request.GET.get("draft", "")
    tried = _tried(request, draft)
    if tried is None:
        raise Http404
    logo = reverse("staff:brand_logo", args=[draft]) if tried.drawing else ""
    css = stylesheet(tried.seeds, logo=logo, scheme=_scheme(request))
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@staff_site.page("brand/logo/<slug:draft>.svg", "brand_logo")
@require_safe
def preview_logo(request: HttpRequest, draft: str) -> HttpResponse:
    """The logo of a draft."""
    tried = _tried(request, draft)
    if tried is None or not tried.drawing:
        raise Http404
    return HttpResponse(in_colour(tried.drawing, "black"), content_type="image/svg+xml")


def _begin(request: HttpRequest) -> HttpResponse:
    look, number = look_or_plain(), request.GET.get("version", "")
    if number:
        version = queries.version(int(number)) if number.isdecimal() and len(number) < 9 else None
        if version is None:
            raise Http404
        try:
            look = services.look_of(version)
        except SeedsRefused:
            messages.error(request, "That look uses settings that no longer exist.")
    form = editor.LookForm(initial=editor.begun_with(look))
    return _editor(request, form, _keep(request, look.seeds, look.drawing), back_to=number)


def _preview(request: HttpRequest, form: editor.LookForm, drawing: str) -> HttpResponse:
    good = form.is_valid()
    draft = _keep(request, form.seeds, drawing) if good else _draft(request)
    if "X-Preview" not in request.headers:
        return _editor(request, form, draft, status=200 if good else 422)
    notes = render_to_string("brand/notes.html", _notes(request, form, draft))
    return JsonResponse({"draft": draft, "notes": notes, "kept": draft if good else ""})


def _save(request: HttpRequest, form: editor.LookForm, drawing: str) -> HttpResponse:
    member = cast(Person, request.user)
    seen, back_to = _number(request, "seen"), _number(request, "back_to")
    before = look_or_plain()
    try:
        with transaction.atomic():
            look = services.choose_look(
                seeds=form.seeds, logo=drawing.encode(), by=member, seen=seen, back_to=back_to
            )
            standing = queries.latest()
            number = standing.number if standing else 0
            if number != seen:
                audit.record(
                    "look.chosen",
                    thing=Brand.objects.get(),
                    by=member,
                    version=number,
                    changed=editor.differences(before.seeds, look.seeds),
                    logo=before.logo_digest != look.logo_digest,
                    back_to=back_to,
                )
    except services.LookChanged as changed:
        theirs = changed.version
        messages.error(
            request,
            f"{theirs.chosen_by_name or 'Somebody'} put another look in force while you were "
            f"choosing (version {theirs.number}). Yours stands below: save again to put it in the "
            "place of theirs.",
        )
        draft = _keep(request, form.seeds, drawing)
        return _editor(request, form, draft, status=409, back_to=str(back_to or ""))
    if number == seen:
        messages.info(request, "Nothing was changed.")
    else:
        messages.success(request, f"The look is in force everywhere (version {number}).")
    return redirect("staff:brand")


def _drawing(request: HttpRequest, form: editor.LookForm) -> str:
    """The logo that is meant: none, a new one, the one kept in the draft, the one in force."""
    form.is_valid()
    if form.cleaned_data.get("remove"):
        return ""
    if form.cleaned_data.get("picture"):
        return str(form.cleaned_data["picture"])
    tried = _tried(request, request.POST.get("kept", ""))
    if tried is not None:
        return tried.drawing
    return look_or_plain().drawing


def _keep(request: HttpRequest, seeds: Seeds, drawing: str) -> str:
    data = {"seeds": seeds.data(), "drawing": drawing}
    return previews.keep(cast(Person, request.user).pk, WHAT, data)


def _draft(request: HttpRequest) -> str:
    return request.POST.get("kept", "")[:40]


def _tried(request: HttpRequest, draft: str) -> Look | None:
    """The look of a draft; None for another one's draft and for one that is no longer kept."""
    data = previews.kept(cast(Person, request.user).pk, WHAT, draft)
    return compose(Seeds.read(data["seeds"]), data["drawing"]) if data else None


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _scheme(request: HttpRequest) -> str:
    return "dark" if request.GET.get("scheme") == "dark" else "light"


def _notes(request: HttpRequest, form: editor.LookForm, draft: str) -> dict[str, Any]:
    """What is said beside the form about the draft."""
    tried = _tried(request, draft) or look_or_plain()
    return {
        "changes": tried.palette.changes,
        "readings": editor.readings(tried.palette),
        "left_out": form.left_out,
        "problems": [
            (form[name].id_for_label, form[name].label, text)
            for name, texts in form.errors.items()
            if name in form.fields
            for text in texts
        ] if form.is_bound else [],
        "icon": queries.icon(tried.seeds, tried.drawing),
    }  # fmt: skip


def _editor(
    request: HttpRequest,
    form: editor.LookForm,
    draft: str,
    *,
    status: int = 200,
    back_to: str = "",
) -> HttpResponse:
    rows = queries.versions()
    latest = rows[0].number if rows else 0
    asked = request.POST if request.method == "POST" else request.GET
    show, width = previews.sample(asked.get("show", "")), asked.get("width", "desktop")
    request.current_app = staff_site.name
    response = render(
        request,
        "brand/editor.html",
        {
            **staff_site.each_context(request),
            **_notes(request, form, draft),
            "title": "Look",
            "form": form,
            "draft": draft,
            "seen": latest if status == 409 else asked.get("seen", latest),
            "back_to": back_to or asked.get("back_to", ""),
            "may_save": staff_site.may(request, WHAT, Right.WRITE),
            "samples": previews.samples(),
            "show": show,
            "width": "phone" if width == "phone" else "desktop",
            "has_logo": bool((_tried(request, draft) or look_or_plain()).drawing),
            "pairings": editor.PAIRINGS,
            "versions": [(row, editor.thumbnail(row.seeds)) for row in rows if _known(row)],
            "latest": latest,
        },
        status=status,
    )
    return previews.with_frames(response)


def _known(row: Any) -> bool:
    try:
        return bool(row.seeds)
    except SeedsRefused:
        return False
