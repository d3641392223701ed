"""What holds in every surrounding. Only ``config.env`` reads the environment."""

from pathlib import Path
from typing import Any

import django_stubs_ext

from config import env
from config.settings.security import *
from config.settings.sign_in import *
from config.settings.staff import *

# Lets classes such as ModelAdmin[Person] and Field[str, str] be written as they are checked.
django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = env.current()

# --- the apps -----------------------------------------------------------------------------------
# No app stands in both lists (a check refuses it): a table in both would let queries of an
# institute fall through to the shared schema.
# The tenancy library is used as a library: its commands and its models are not installed.
SHARED_APPS = ["tenants"]
TENANT_APPS = [
    "theming",
    "console",
    "core.routes",
    "core.notifications",
    "core.insights",
    "core.people",
    "core.privacy",
    "core.bridges",
    "core.pairing",
    "core.cpd",
    "core.journey",
    "core.feedback",
    "core.diary",
    "core.calls",
    "core.meetings",
    "core.goals",
    "core.canvases",
    "core.mentorships",
    "core.matching",
    "core.messaging",
    "core.membership",
    "core.profiles",
    "core.resources",
    "core.help",
    "core.visits",
    "core.notices",
    "core.security",
    "core.accounts",
    "core.programme",
    "core.kernel",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
]
# Without tables: they belong to no schema.
PLAIN_APPS = [
    "config",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, *PLAIN_APPS, "django.forms"]

TENANT_MODEL = "tenants.Institute"
TENANT_DOMAIN_MODEL = "tenants.Domain"
PUBLIC_SCHEMA_URLCONF = "config.urls.public"
ROOT_URLCONF = "config.urls.tenant"
OPERATORS_URLCONF = "config.urls.operators"
# Mails hold private links, so operators read them in demos only.
CONSOLE_READS_MAILS = False
# Operators sign in with a second step; a demo, whose password is printed, goes without.
CONSOLE_SECOND_STEP = True
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
AUTH_USER_MODEL = "accounts.Person"
WSGI_APPLICATION = "config.wsgi.application"
SILENCED_SYSTEM_CHECKS: list[str] = []

MIDDLEWARE = [
    "config.middleware.Health",
    "tenants.tls.TlsAllowed",
    "tenants.middleware.InstituteOfHost",
    "core.programme.middleware.ReadOnce",
    "config.middleware.ContentSecurityPolicy",
    "core.kernel.middleware.PlainAddresses",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.security.middleware.StandsIn",
    "core.accounts.middleware.ActingRole",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.security.middleware.SecondStepOfStaff",
    "core.bridges.middleware.Doors",
    "core.security.middleware.RecentSignIn",
    "core.privacy.middleware.AgreeFirst",
    "core.visits.middleware.CountVisits",
    "core.profiles.middleware.ProfileGate",
    "core.membership.middleware.OnlyLooking",
    "core.kernel.middleware.RulePages",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.programme.context.programme",
                "core.accounts.context.acting",
                "core.messaging.context.unread",
                "theming.context.brand",
            ],
        },
    }
]
FORM_RENDERER = "theming.forms.Renderer"

# --- data ---------------------------------------------------------------------------------------
_database = ENVIRONMENT.database
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "tenants.backend",
        "NAME": _database.name if _database else "ithaca",
        "USER": _database.user if _database else "",
        "PASSWORD": _database.password if _database else "",
        "HOST": _database.host if _database else "",
        "PORT": _database.port if _database else "",
        "CONN_MAX_AGE": 0 if ENVIRONMENT.database_pool else 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {},
    }
}
if _database and _database.sslmode:
    DATABASES["default"]["OPTIONS"]["sslmode"] = _database.sslmode
if ENVIRONMENT.database_pool:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": ENVIRONMENT.database_pool}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "tenants.cache.QuickCache",
        "LOCATION": ENVIRONMENT.redis.cache_url if ENVIRONMENT.redis else "",
        "KEY_FUNCTION": "tenants.cache.key",
        "TIMEOUT": 300,
    }
}

# Members' files: one private prefix an institute, in a folder or in a bucket (ITHACA_FILES_URL).
FILES = ENVIRONMENT.files
MEDIA_ROOT = FILES.folder if FILES else ""
_in_bucket: dict[str, Any] = {
    "BACKEND": "tenants.storage.InstituteBucket",
    "OPTIONS": {
        "bucket_name": FILES.bucket if FILES else "",
        "endpoint_url": (FILES.endpoint if FILES else "") or None,
        "region_name": (FILES.region if FILES else "") or None,
        "access_key": ENVIRONMENT.s3_access_key or None,
        "secret_key": ENVIRONMENT.s3_secret_key or None,
    },
}
_in_folder: dict[str, Any] = {"BACKEND": "tenants.storage.InstituteFolder"}
STORAGES: dict[str, dict[str, Any]] = {
    "default": _in_bucket if FILES and FILES.kind == "s3" else _in_folder,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Ten files of twenty megabytes are the most that an institute can allow (Policies).
UPLOAD_LIMIT = 205 * 1000 * 1000
FILE_UPLOAD_HANDLERS = [
    "core.kernel.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Each file of a message is shown to the scanner first (core.kernel.scanning).
CLAMAV_ADDRESS = ENVIRONMENT.clamav
FILE_SCANNER = "core.kernel.clamav.scan" if CLAMAV_ADDRESS else ""
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "collected"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- video chat: what helps two browsers to meet that are not on one network ---------------------
STUN_URLS = ENVIRONMENT.stun_urls
TURN_URLS = ENVIRONMENT.turn_urls
TURN_SECRET = ENVIRONMENT.turn_secret

# Requests to other servers go to the open internet by https. "host:port" pairs here are reached by
# http and on this machine all the same: for the demo and for tests (core.kernel.outgoing).
OUTGOING_ALLOWED_HOSTS: tuple[str, ...] = ()
# So many threads of a process may wait for other servers; the rest is left to pages.
OUTGOING_AT_ONCE = max(1, ENVIRONMENT.web_threads // 2)

# --- addresses ----------------------------------------------------------------------------------
BASE_HOST = ENVIRONMENT.base_host
BASE_SCHEME = ENVIRONMENT.scheme
BASE_PORT = ENVIRONMENT.public_port

# --- tasks: PostgreSQL is the truth, Redis only a bell ------------------------------------------
CELERY_BROKER_URL = ENVIRONMENT.redis.broker_url if ENVIRONMENT.redis else ""
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Every task name here is dispatched once for each active institute.
EACH_INSTITUTE = {
    "help.remind_of_complaints": 21_600.0,
    "kernel.sweep_outbox": 30.0,
    "kernel.sweep_papers": 600.0,
    "kernel.sweep_jobs": 60.0,
    "feedback.ask_midway": 3_600.0,
    "feedback.write": 900.0,
    "meetings.remind": 900.0,
    "goals.remind": 10_800.0,
    "goals.sweep": 86_400.0,
    "messaging.announce_waiting": 60.0,
    "mentorships.climb_ladder": 3_600.0,
    "mentorships.tell_waiting": 21_600.0,
    "profiles.welcome_back": 3_600.0,
    "people.sweep": 600.0,
    "diary.forget_deleted": 3_600.0,
    "accounts.forget_unconfirmed": 86_400.0,
    "matching.rebuild_listings": 86_400.0,
    "canvases.clear_out": 86_400.0,
    "insights.count": 3_600.0,
    "privacy.remind": 21_600.0,
    "privacy.tidy": 600.0,
    "privacy.retain": 86_400.0,
    "membership.end": 86_400.0,
    "membership.fetch": 3_600.0,
    "bridges.refresh_metadata": 86_400.0,
    "privacy.sweep_copies": 3_600.0,
}
# These belong to the whole platform, and run once.
PLATFORM_TASKS: dict[str, float] = {
    "tenants.take_snapshots": 900.0,
    "tenants.check_domains": 3_600.0,
    "tenants.check_senders": 86_400.0,
    "tenants.forget_uploads": 3_600.0,
    "tenants.keep_order": 60.0,
}
# So many days an institute waits, suspended, before it is deleted for good.
INSTITUTE_DELETION_DAYS = 30

# --- mail ---------------------------------------------------------------------------------------
_email = ENVIRONMENT.email
if _email and _email.kind == "smtp":
    EMAIL_BACKEND = "config.mail.Smtp"
    EMAIL_HOST = _email.host
    EMAIL_PORT = _email.port
    EMAIL_HOST_USER = _email.user
    EMAIL_HOST_PASSWORD = _email.password
    EMAIL_USE_TLS = _email.security == "starttls"
    EMAIL_USE_SSL = _email.security == "tls"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "config.mail.KeepInOutbox"

# What stands in the DNS of institutes' domains and senders (tenants.domains, tenants.sender).
DNS_SERVERS = ENVIRONMENT.dns_servers
DNS_SECONDS = 4.0
MAIL_SPF = ENVIRONMENT.mail_spf
MAIL_DKIM_SELECTOR = ENVIRONMENT.mail_dkim_selector
MAIL_DKIM_KEY = ENVIRONMENT.mail_dkim_key
TLS_ASK_TOKEN = ENVIRONMENT.tls_ask_token

# --- language, time, log ------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
}
