"""What a browser is told, and how passwords are kept."""

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Tenancy itself refuses unknown hosts with a plain 404; the list of hosts lives in the database.
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "first_name", "last_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

_OWN = "'self'"
CONTENT_SECURITY_POLICY: dict[str, list[str]] = {
    "default-src": ["'none'"],
    "script-src": [_OWN],
    "style-src": [_OWN],
    "img-src": [_OWN, "data:"],
    "font-src": [_OWN],
    "connect-src": [_OWN],
    "media-src": [_OWN],
    "manifest-src": [_OWN],
    "form-action": [_OWN],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
# The staff library evaluates expressions that stand in attributes; no script stands in its pages.
STAFF_PREFIX = "/staff/"
STAFF_CONTENT_SECURITY_POLICY: dict[str, list[str]] = {
    **CONTENT_SECURITY_POLICY,
    "script-src": [_OWN, "'unsafe-eval'"],
    "style-src": [_OWN, "'unsafe-inline'"],
}
