"""The overview and its tables on the staff site."""

from core.insights.staff import pages
from core.kernel.staff import staff_site

staff_site.overview(pages.overview)
staff_site.page("visits.csv", "visits_file")(pages.visits_file)
staff_site.page("figures.csv", "figures_file")(pages.figures_file)
staff_site.page("figures/<slug:figure>/", "figure")(pages.rows_behind)
staff_site.page("figures/<slug:figure>.csv", "figure_file")(pages.rows_file)
