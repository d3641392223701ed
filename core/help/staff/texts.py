"""Questions and legal pages on the staff site (product F4)."""

from core.help.models import Faq, LegalPage
from core.kernel.staff import StaffAdmin, staff_site
from core.programme.queries import in_our_words
from core.programme.staff import filter_by, worded


class Faqs(StaffAdmin):
    """Staff write, change, order and delete questions."""

    may_delete = True
    list_display = ("asked", "audience", "under", "order")
    list_filter = ("audience", filter_by("topic", "topic", in_our_words))
    list_editable = ("order",)
    search_fields = ("question", "answer", "topic")
    fields = ("question", "audience", "topic", "order", "answer")

    asked = worded("question", "question")
    under = worded("topic", "topic")


class LegalPages(StaffAdmin):
    """Staff change the legal pages; the footer's links are part of the programme's settings."""

    list_display = ("named", "slug", "changed_at")
    search_fields = ("title", "body")
    fields = ("title", "slug", "body")

    named = worded("title", "title")


staff_site.register(Faq, Faqs)
staff_site.register(LegalPage, LegalPages)
