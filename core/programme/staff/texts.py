"""The texts of mails on the staff site (product F4): read, write, look, try, take back."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.kernel import differences, letters
from core.kernel.errors import RuleBroken
from core.kernel.letters import Case, Mail, Text
from core.kernel.models import AuditEntry
from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site
from core.programme import queries, services
from core.programme.forms.texts import MailTextForm
from core.programme.models import Edition
from core.programme.queries import default_text, placeholders
from core.programme.rules import PLACEHOLDERS, expand

MOST_VERSIONS = 50


@staff_site.page("mails/", "mail_texts")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every mail that the platform sends: when, to whom, and whose words it says."""
    names, own = placeholders(), queries.editions(letters.KIND)
    return staff_page(
        request,
        "programme/staff/mail_texts.html",
        "Mail texts",
        mails=[
            {
                "title": expand(mail.title, names),
                "when": expand(mail.when, names),
                "to": expand(mail.to, names),
                "fixed": mail.fixed,
                "cases": [
                    {
                        "key": mail.key_of(case),
                        "title": expand(case.title, names),
                        "own": row is not None,
                        "flaw": _flaw(mail, case, row),
                    }
                    for case in mail.cases
                    for row in [own.get(mail.key_of(case))]
                ],
            }
            for mail in letters.catalogue()
        ],
        own=len(own),
    )


@staff_site.page("mails/<str:key>/", "mail_text")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: its words, how they look, what differs from the product's, earlier versions."""
    mail, case = _found(key)
    member = cast(Any, request.user)
    standing = queries.edition(letters.KIND, key)
    number = standing.number if standing else 0
    default = default_text(mail.name, case.key)
    shown = _version(request, key) or standing
    text = Text.read(shown.document) if shown else default
    if request.method != "POST":
        return _editor(request, mail, case, _form(mail, case, text, number), text)
    step = request.POST.get("step", "")
    if step == "default":
        services.take_text_back(mail, case, by=member)
        messages.success(request, "The mail says its original words again.")
        return redirect("staff:mail_text", key)
    form = MailTextForm(request.POST, mail=mail, case=case)
    if not form.is_valid():
        return _editor(request, mail, case, form, None, status=422)
    written = form.text
    if step == "look":
        return _editor(request, mail, case, form, written)
    try:
        if step == "test":
            services.send_test(mail, case, written, to=member, by=member)
            messages.success(request, f"On its way to {member.email}. Nothing is saved by that.")
            return _editor(request, mail, case, form, written)
        if form.cleaned_data["seen"] != number:
            messages.error(
                request,
                "Somebody changed this text while you were writing. Your words stand below: save "
                "again to put them in the place of theirs.",
            )
            form.data = {**request.POST.dict(), "seen": str(number)}
            return _editor(request, mail, case, form, written, status=409)
        made = services.put_text(mail, case, written, by=member)
    except RuleBroken as broken:
        messages.error(request, broken.message)
        return _editor(request, mail, case, form, written, status=int(broken.status))
    messages.success(
        request,
        f"Version {made.number} is in force: the next mail says it so."
        if made
        else "These are the original words, so the mail says those.",
    )
    return redirect("staff:mail_text", key)


@staff_site.page("mails/<str:key>/preview/", "mail_text_preview")
@require_POST
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """How the typed words look, while they are typed."""
    mail, case = _found(key)
    form = MailTextForm(request.POST, mail=mail, case=case)
    written = form.text if form.is_valid() else None
    return render(
        request,
        "programme/staff/mail_look.html",
        {"look": _look(request, mail, written), "form": form},
    )


def _found(key: str) -> tuple[Mail, Case]:
    found = letters.found(key)
    if found is None:
        raise Http404
    return found


def _flaw(mail: Mail, case: Case, row: Edition | None) -> str:
    if row is None:
        return ""
    try:
        wrong = letters.flaws(mail, case, Text.read(row.document), PLACEHOLDERS)
    except ValueError as error:
        return str(error)
    return str(wrong[0]) if wrong else ""


def _version(request: HttpRequest, key: str) -> Edition | None:
    number = request.GET.get("version", "")
    if not number:
        return None
    found = Edition.objects.filter(kind=letters.KIND, key=key)
    row = (
        found.filter(number=int(number)).first() if number.isdecimal() and len(number) < 9 else None
    )
    if row is None:
        raise Http404
    return row


def _form(mail: Mail, case: Case, text: Text, seen: int) -> MailTextForm:
    return MailTextForm(initial={**text.document, "seen": seen}, mail=mail, case=case)


def _look(request: HttpRequest, mail: Mail, text: Text | None) -> services.Look | None:
    if text is None:
        return None
    try:
        return services.look(mail, text, cast(Any, request.user).full_name)
    except KeyError:  # a version from before a placeholder went
        return None


def _editor(
    request: HttpRequest,
    mail: Mail,
    case: Case,
    form: MailTextForm,
    text: Text | None,
    *,
    status: int = 200,
) -> HttpResponse:
    names, key = placeholders(), mail.key_of(case)
    default = default_text(mail.name, case.key)
    versions = list(
        Edition.objects.filter(kind=letters.KIND, key=key).order_by("-number")[:MOST_VERSIONS]
    )
    standing = next((one for one in versions if one.retired_at is None), None)
    authors = dict(
        AuditEntry.objects.filter(
            verb="mail.published",
            thing_type=Edition._meta.label,
            thing_id__in=[str(one.pk) for one in versions],
        ).values_list("thing_id", "actor_name")
    )
    return staff_page(
        request,
        "programme/staff/mail_text.html",
        expand(mail.title, names),
        status=status,
        mail=mail,
        key=key,
        case=expand(case.title, names),
        when=expand(mail.when, names),
        to=expand(mail.to, names),
        form=form,
        look=_look(request, mail, text),
        writes=staff_site.may(request, "mail_text", Right.WRITE) and not mail.fixed,
        blanks=[
            {"blank": one, "meaning": expand(one.meaning, names)} for one in mail.blanks_for(case)
        ],
        words=[(name, names[name]) for name in sorted(PLACEHOLDERS, key=str.lower)],
        changes=_changes(default, text) if text else [],
        flaw=_flaw(mail, case, standing),
        standing=standing,
        versions=[
            {"version": one, "by": authors.get(str(one.pk), "")} for one in versions
        ],
        back=reverse("staff:mail_texts"),
    )  # fmt: skip


def _changes(default: Text, text: Text) -> list[dict[str, Any]]:
    """What a text says otherwise than the product's, part by part."""
    return [
        {"name": name, "lines": differences.lines(before, after)}
        for part, name in letters.NAMES.items()
        for before, after in [(default.clean().document[part], text.clean().document[part])]
        if before != after
    ]
