"""Need Help? and the legal pages: open to everybody."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.help import queries
from core.kernel.searching import find, tidy
from core.programme.queries import in_our_words


@require_safe
def faqs(request: HttpRequest) -> HttpResponse:
    """Questions for everyone, for mentees and for mentors, by topic, with a search over them and
    over what other parts of the site offer (product F1)."""
    query = tidy(request.GET.get("q", ""))
    role = getattr(request, "acting_as", None)
    if not query:
        return render(request, "help/faqs.html", {"query": "", "parts": queries.parts(role)})
    found = queries.search(query, role)
    shelves = find(query, role, without=["faqs"])
    return render(
        request,
        "help/faqs.html",
        {"query": query, "found": found, "shelves": shelves, "subject": quote(query)},
    )


@require_safe
def faq(request: HttpRequest, key: str) -> HttpResponse:
    """One question with its answer: the address that people send to each other."""
    entry = queries.entry(key)
    if entry is None:
        raise Http404
    return render(request, "help/faq.html", {"entry": entry})


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
