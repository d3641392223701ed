"""The demo on one machine: embedded servers unless DATABASE_URL and REDIS_URL name real ones."""

from config.demo.society import place as society
from config.local import places
from config.settings.base import *

DEBUG = False
CONSOLE_READS_MAILS = True
CONSOLE_SECOND_STEP = False
SECRET_KEY = ENVIRONMENT.secret_key or places.secret_key()
STATE = places.state_folder()

if ENVIRONMENT.database is None:
    DATABASES["default"] |= places.postgres("demo").settings("ithaca")
if ENVIRONMENT.redis is None:
    _socket = places.redis("demo").socket
    CACHES["default"]["LOCATION"] = f"unix://{_socket}?db=0"
    CELERY_BROKER_URL = f"redis+socket://{_socket}?virtual_host=1"
if ENVIRONMENT.files is None:
    MEDIA_ROOT = str(STATE / "demo" / "files")
BASE_PORT = ENVIRONMENT.public_port or ENVIRONMENT.port
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CSRF_TRUSTED_ORIGINS: list[str] = []

# Passkeys on the loopback, where there is no certificate.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# The society of Connect's members stands beside us (config.demo.society).
OUTGOING_ALLOWED_HOSTS = (society.host(),)
