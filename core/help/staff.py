"""Questions and legal pages on the staff site (product F4)."""

from core.help.models import Faq, LegalPage
from core.kernel.staff import StaffAdmin, staff_site


class Faqs(StaffAdmin):
    """Staff write, change, order and delete questions."""

    may_delete = True
    list_display = ("question", "audience", "topic", "order")
    list_filter = ("audience", "topic")
    list_editable = ("order",)
    search_fields = ("question", "answer", "topic")
    fields = ("question", "audience", "topic", "order", "answer")


class LegalPages(StaffAdmin):
    """Staff change the legal pages; the footer's links are part of the programme's settings."""

    list_display = ("title", "slug", "changed_at")
    search_fields = ("title", "body")
    fields = ("title", "slug", "body")


staff_site.register(Faq, Faqs)
staff_site.register(LegalPage, LegalPages)
