"""Notices on the staff site: written, looked at, published, mailed, withdrawn (product F5)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import display
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.clock import today
from core.kernel.errors import Conflict
from core.kernel.rights import Right
from core.kernel.staff import StaffAdmin, staff_site
from core.notices import queries, rules, services
from core.notices.models import Notice, NoticeRead, NoticeState
from core.notices.tasks import MAIL
from core.programme.queries import in_our_words
from core.programme.staff import worded


class Notices(StaffAdmin):
    """The list and the form; publishing and mailing have a page of their own."""

    may_delete = True
    list_display = ("named", "audience", "first_day", "last_day", "standing", "opens")
    list_filter = ("state", "audience")
    search_fields = ("title", "body")
    fields = ("title", "body", "audience", "first_day", "last_day", "link_label", "link_url")
    change_form_after_template = "notices/staff/preview_button.html"

    named = worded("title", "title")

    @display(description="state", ordering="state")
    def standing(self, notice: Notice) -> str:
        return standing(notice)

    @display(description="publish, mail, withdraw")
    def opens(self, notice: Notice) -> SafeString:
        return format_html(
            '<a class="in-link" href="{}">Open<span class="in-hidden">: {}</span></a>',
            notice.get_absolute_url(),
            notice.title,
        )

    def response_post_save_add(self, request: HttpRequest, obj: Notice) -> HttpResponse:
        """On to the page on which it is published."""
        return redirect(obj)

    def response_post_save_change(self, request: HttpRequest, obj: Notice) -> HttpResponse:
        return redirect(obj)


@staff_site.page("notices/preview/", "notice_preview")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """How a notice would read, before anything of it is saved."""
    longest = Notice._meta.get_field("body").max_length or 0
    notice = Notice(
        title=request.POST.get("title", "")[:120],
        body=request.POST.get("body", "")[:longest],
        link_label=request.POST.get("link_label", "")[:80],
        first_day=today(),
    )
    return render(
        request,
        "notices/list.html",
        {"rows": queries.shown([notice], {notice.pk}), "page": None, "preview": True},
    )


@staff_site.page("notices/<uuid:notice_id>/", "notice")
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """One notice as members see it, and what can be done with it."""
    found = Notice.objects.filter(pk=notice_id).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _step(request, found)
    people = queries.readers(found)
    published = found.state == NoticeState.PUBLISHED
    request.current_app = staff_site.name
    return render(
        request,
        "notices/staff/notice.html",
        {
            **staff_site.each_context(request),
            "title": in_our_words(found.title),
            "notice": found,
            "shown": queries.shown([found])[0],
            "standing": standing(found),
            "published": published,
            "readers": people.count(),
            "mails": people.exclude(muted_mails__contains=[rules.MAIL]).count(),
            "read": NoticeRead.objects.filter(notice=found).count(),
            "may_change": staff_site.may(request, "notice", Right.WRITE),
            "may_mail": published and not found.mailed_at and _in_force(found),
            "edit": reverse("staff:notices_notice_change", args=[found.pk]),
        },
    )


def _step(request: HttpRequest, found: Notice) -> HttpResponse:
    member, step = cast(Person, request.user), request.POST.get("do", "")
    if step == "mail":
        job = jobs.order(
            kind=MAIL,
            title=f"Mails: {in_our_words(found.title)}",
            about={"notice": str(found.pk)},
            by=member,
            done_url=found.get_absolute_url(),
            back_url=found.get_absolute_url(),
        )
        return redirect(job)
    try:
        if step == "publish":
            services.publish(found, by=member)
            messages.success(request, "Published.")
        elif step == "withdraw":
            services.withdraw(found, by=member)
            messages.success(request, "Withdrawn: nobody sees it any more.")
        else:
            raise Http404
    except Conflict as conflict:
        messages.error(request, conflict.message)
    return redirect(found)


def _in_force(found: Notice) -> bool:
    day = today()
    return found.first_day <= day and (found.last_day is None or found.last_day >= day)


def standing(found: Notice) -> str:
    """Where a notice stands, in a word or two."""
    if found.state != NoticeState.PUBLISHED:
        return str(NoticeState(found.state).label)
    if found.first_day > today():
        return "Published, not begun"
    return "In force" if _in_force(found) else "Over"


staff_site.register(Notice, Notices)
