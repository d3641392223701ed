"""Settings with a society on this machine, which a drill makes slow and moody."""

import os

from config.settings.demo import *  # noqa: F403 - settings build on settings

OUTGOING_ALLOWED_HOSTS = (os.environ["DRILL_SOCIETY"],)
