"""The demo as browser tests drive it: the same but for what only costs time.

Passwords are hashed quickly (those of another time are still known), and static files are looked
for once, and then kept by the browser.
"""

from config.settings.demo import *  # noqa: F403 - settings build on settings

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
