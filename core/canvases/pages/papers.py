"""A canvas on paper: the PDF in the institute's look (product E2, E3)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from core.accounts.permissions import member_required
from core.canvases.models import Sheet
from core.canvases.pages.finding import sheet_of
from core.kernel.pdf import typeset
from core.mentorships.pages.reader import reader


@member_required
@require_safe
def paper(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """The canvas as a PDF to save or print."""
    person = reader(request)
    sheet = sheet_of(person, sheet_id)
    answer = HttpResponse(typeset("canvas", data_of(sheet)), content_type="application/pdf")
    name = slugify(sheet.title)[:60] or sheet.kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def data_of(sheet: Sheet) -> dict[str, object]:
    """What the template is given."""
    design, two = sheet.design, sheet.mentorship
    return {
        "title": sheet.title,
        "label": design.label,
        "people": f"{two.mentee.full_name} and {two.mentor.full_name}",
        "changed": f"{sheet.changed_at:%-d %B %Y}",
        "columns": design.columns,
        "rows": design.rows,
        "boxes": [
            {**box.model_dump(exclude={"key"}), "text": text} for box, text in sheet.filled()
        ],
    }
