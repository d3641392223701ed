"""Settings and texts of the institute: its public contact, and nothing about members."""

from core.kernel.personal import keeps, nothing

keeps(
    nothing(
        "programme.Programme",
        "settings of the institute, and the contact that it publishes",
        "only programme_name organisation_name organisation_article tagline contact_name "
        "contact_email mail_sender_name "
        "mail_sender_address mail_footer time_zone typical_length front_data words_data "
        "menus_data policies_data legal_data asked_data updated_at",
    ),
    nothing(
        "programme.Edition",
        "a text or form of the institute",
        "kind key number document published_at retired_at",
    ),
    nothing("programme.Provided", "what the institute began with", "kind key digests texts"),
)
