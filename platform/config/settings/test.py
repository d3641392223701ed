"""Tests: server and database are chosen by ``tests/conftest.py``; nothing leaves the process."""

from config.local import places
from config.settings.base import *

DEBUG = False
CONSOLE_READS_MAILS = True
CONSOLE_SECOND_STEP = False
SECRET_KEY = "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz"
if ENVIRONMENT.database is None:
    DATABASES["default"] |= places.postgres("tests").settings("postgres")
DATABASES["default"]["CONN_MAX_AGE"] = 0
if ENVIRONMENT.redis is None:
    CACHES["default"]["LOCATION"] = f"unix://{places.redis('tests').socket}?db=0"
STORAGES["default"] = {"BACKEND": "tenants.storage.InstituteFolder"}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
BASE_HOST = "localhost"
BASE_PORT = 0

# Passkeys on the loopback, where there is no certificate.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
