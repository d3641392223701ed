"""Need Help? and the legal pages: open to everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.help import queries
from core.help.rules import LONGEST_QUERY
from core.programme.queries import in_our_words


@require_safe
def faqs(request: HttpRequest) -> HttpResponse:
    """Questions for everyone, for mentees and for mentors, by topic, with a search (product F1)."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY]
    role = getattr(request, "acting_as", None)
    context = (
        {"query": query, "found": queries.search(query)}
        if query
        else {"query": "", "parts": queries.parts(role)}
    )
    return render(request, "help/faqs.html", context)


@require_safe
def legal(request: HttpRequest, slug: str) -> HttpResponse:
    """A page such as privacy, accessibility or terms (product A2)."""
    page = queries.legal_page(slug)
    if page is None:
        raise Http404
    return render(
        request,
        "help/legal.html",
        {
            "page": page,
            "title": in_our_words(page.title),
            "body": queries.rendered(in_our_words(page.body)),
        },
    )
