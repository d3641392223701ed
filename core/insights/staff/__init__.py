"""The overview, its tables, its report and its nudges on the staff site."""

from core.insights.staff import files, nudging, overview, people, report
from core.kernel.staff import staff_site

staff_site.overview(overview.page)

__all__ = ["files", "nudging", "overview", "people", "report"]
