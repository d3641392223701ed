"""The settings of a process that is killed: those of the tests, with the test's own folder."""

import os

from config.settings.test import *  # noqa: F403

MEDIA_ROOT = os.environ["KILLED_MEDIA_ROOT"]
