"""The mails that people can do without (product A13); the others belong to the process."""

from core.accounts.queries import offer_mail_choice
from core.programme.queries import words


def _ask(form: str = "singular") -> str:
    return words()["request"].form(form)


offer_mail_choice(
    "request_reminder", lambda: f"when {_ask('article')} still waits for my answer as a mentor"
)
offer_mail_choice(
    "request_edited", lambda: f"when somebody changes {_ask('article')} that waits for my answer"
)
offer_mail_choice(
    "request_expired", lambda: f"when {_ask('article')} to me is withdrawn because it is too old"
)
offer_mail_choice("available_again", lambda: "when the day of my return as a mentor has come")
offer_mail_choice("place_free", lambda: "when a mentor I wait for has a free place")
offer_mail_choice("stage_marked", lambda: "when my partner has marked a stage of our journey")
offer_mail_choice("stage_completed", lambda: "when a stage of my journey is completed")
offer_mail_choice("messages", lambda: "when somebody has written me a message")
