"""The mails about feedback that people can do without (product A13)."""

from core.accounts.queries import offer_mail_choice

offer_mail_choice("feedback_asked", lambda: "when I am asked how a relationship went")
offer_mail_choice("feedback_reminder", lambda: "when my answer to such a question is missing")
