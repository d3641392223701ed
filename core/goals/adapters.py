"""The mails about goals that people can do without (product A13)."""

from core.accounts.queries import offer_mail_choice

offer_mail_choice("goal_reminder", lambda: "when the date of one of my goals is near")
