"""Django, as little of it as a small membership office needs: pages, forms, signed cookies."""

from config.demo.society import place

DEBUG = False
SECRET_KEY = place.secret()
ALLOWED_HOSTS = [place.host().partition(":")[0], "127.0.0.1"]
ROOT_URLCONF = "config.demo.society.urls"
INSTALLED_APPS = ["config.demo.society"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.demo.society.pages.polite",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "society"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "society-csrf"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["config.demo.society.pages.around"]},
    }
]
LANGUAGE_CODE = "en-gb"
USE_TZ = True
TIME_ZONE = "Europe/London"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
