"""Which area of the staff site each page and list belongs to (see `core.kernel.rights`).

By URL name; lists of models by "app_model". A test holds it complete: a page that is not named here
opens for programme managers alone.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.kernel.rights import Area

_NAMES: Final[Mapping[Area, tuple[str, ...]]] = {
    Area.FIGURES: (
        "visits_dailyvisits", "visits_file", "tile_file", "board_report",
        "survey_results", "survey_figures_file", "survey_texts_file",
    ),
    Area.PEOPLE: (
        "accounts_person", "profiles_profile", "matching_listing", "figure", "sign_in_as",
        "invitations", "people_import", "people_export", "duplicates", "deactivate", "reactivate",
        "agreements_file",
    ),
    Area.RELATIONSHIPS: (
        "mentorships_mentorship", "mentorships_waitingplace", "nudge", "step_in", "match",
        "pairing",
    ),
    Area.SAFEGUARDING: ("messaging_report", "safeguarding"),
    Area.HELP: ("help_enquiry", "enquiry", "feedback_contactwish", "feedback_wish"),
    Area.CONTENT: (
        "help_faq", "help_legalpage", "resources_guide", "resources_picture", "guide_preview",
        "help_preview", "faq_origin", "legal_origin", "guide_origin",
        "journey", "canvases", "canvas", "surveys", "survey", "mail_texts", "mail_text",
        "agreements", "agreement", "privacy_purpose", "words", "front", "notices_notice", "notice",
    ),
    Area.SETTINGS: (
        "profiles_section", "profiles_field", "profile_form", "criteria", "cpd", "smart",
        "brand", "identity", "policies",
        "providers", "provider", "provider_new", "provider_certificate", "provider_remove",
        "membership",
    ),
    Area.RECORDS: ("kernel_auditentry", "kernel_outboxmail", "support_visits",
        "erasures", "erasure", "person_data", "data_copy", "retention",
    ),
}  # fmt: skip

AREAS: Final[Mapping[str, Area]] = MappingProxyType(
    {name: area for area, names in _NAMES.items() for name in names}
)
