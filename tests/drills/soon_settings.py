"""Settings in which the work of a lost worker is offered again soon, and not after a quarter of an
hour: a drill does not wait so long."""

from tests.settings import *  # noqa: F403 - settings build on settings

CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 45, "socket_timeout": 5}
