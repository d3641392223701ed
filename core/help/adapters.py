"""Questions and answers in the search of the whole site."""

from core.help import queries
from core.help.models import LegalPage
from core.kernel.searching import Found, offer_search
from core.programme.queries import offer_legal_pages


def _questions(query: str, role: str | None) -> list[Found]:
    return [
        Found(title=one.question, summary=one.excerpt, address=one.address, note=one.topic)
        for one in queries.search(query, role)
    ]


offer_search("faqs", "Questions and answers", _questions, order=20)


@offer_legal_pages
def _legal_pages() -> list[tuple[str, str]]:
    return list(LegalPage.objects.order_by("title").values_list("slug", "title"))
