"""Resources: the list of guides, and one guide."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.permissions import member_required
from core.programme.queries import placeholders
from core.programme.rules import expand
from core.resources import queries, services


@require_safe
@member_required
def guides(request: HttpRequest) -> HttpResponse:
    """The guides for the role in force, by topic, with what is read (product E11)."""
    role = request.acting_as
    return render(
        request,
        "resources/list.html",
        {
            "library": queries.library(request.user, role),
            "first": queries.unread_required(request.user, role),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide; sending the form marks it as read, or as unread again."""
    role = request.acting_as
    found = queries.guide_for(slug, role)
    if found is None:
        raise Http404
    names = placeholders()
    if request.method == "POST":
        title = expand(found.title, names)
        if request.POST.get("read") == "no":
            services.mark_unread(found, by=request.user)
            messages.success(request, f"“{title}” is marked as unread.")
            return redirect("resources:guide", slug)
        waiting = queries.unread_required(request.user, role)
        services.mark_read(found, by=request.user)
        if waiting and not queries.unread_required(request.user, role):
            messages.success(
                request, "You have read the guides to start with. Your profile is open."
            )
            return redirect("profiles:edit")
        messages.success(request, f"“{title}” is marked as read.")
        return redirect("resources:list")
    library = queries.library(request.user, role)
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
