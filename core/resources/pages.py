"""Resources: the list of guides, and one guide."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person, Role
from core.accounts.permissions import member_required
from core.programme.queries import placeholders
from core.programme.rules import expand
from core.resources import queries, services


@require_safe
@member_required
def guides(request: HttpRequest) -> HttpResponse:
    """The guides for the role in force, by topic, with what is read (product E11)."""
    person, role = _reader(request)
    return render(
        request,
        "resources/list.html",
        {
            "library": queries.library(person, role),
            "first": queries.unread_required(person, role),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide; sending the form marks it as read, or as unread again."""
    person, role = _reader(request)
    found = queries.guide_for(slug, role)
    if found is None:
        raise Http404
    names = placeholders()
    if request.method == "POST":
        title = expand(found.title, names)
        if request.POST.get("read") == "no":
            services.mark_unread(found, by=person)
            messages.success(request, f"“{title}” is marked as unread.")
            return redirect("resources:guide", slug)
        waiting = queries.unread_required(person, role)
        services.mark_read(found, by=person)
        if waiting and not queries.unread_required(person, role):
            messages.success(
                request, "You have read the guides to start with. Your profile is open."
            )
            return redirect("profiles:edit")
        messages.success(request, f"“{title}” is marked as read.")
        return redirect("resources:list")
    library = queries.library(person, role)
    return render(
        request,
        "resources/guide.html",
        {
            "entry": next(entry for entry in library.entries if entry.guide == found),
            "body": queries.rendered(expand(found.body, names)),
            "following": library.next_after(found),
            "library": library,
        },
    )


def _reader(request: HttpRequest) -> tuple[Person, Role]:
    return cast("Person", request.user), cast("Role", request.acting_as)  # type: ignore[attr-defined]
