"""Production: everything comes from the environment, and what is missing stops the start."""

from config import env
from config.settings.base import *

DEBUG = False
for _name, _value in {
    "DATABASE_URL": ENVIRONMENT.database,
    "REDIS_URL": ENVIRONMENT.redis,
    "EMAIL_URL": ENVIRONMENT.email,
    "ITHACA_SECRET_KEY": ENVIRONMENT.secret_key,
    "ITHACA_FILES_URL": ENVIRONMENT.files,
}.items():
    if not _value:
        raise env.EnvironmentRefused(f"The environment variable {_name} is needed in production.")

SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.secret_key_fallbacks)

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if ENVIRONMENT.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A cookie called __Host-… is refused by browsers unless it is secure and for this host alone.
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
BASE_SCHEME = "https"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
