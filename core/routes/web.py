"""Every page of an institute's site. Each app names its own addresses in its `urls.py`."""

from django.urls import URLPattern, URLResolver, include, path

# In the order of the journey. An app without pages of its own is not here.
_APPS = (
    "core.accounts",
    "core.security",
    "core.bridges",
    "core.people",
    "core.privacy",
    "core.profiles",
    "core.membership",
    "core.matching",
    "core.meetings",
    "core.messaging",
    "core.calls",
    "core.journey",
    "core.canvases",
    "core.goals",
    "core.diary",
    "core.cpd",
    "core.feedback",
    "core.mentorships",  # after the tools: its address for single steps takes any word
    "core.resources",
    "core.help",
    "core.notices",
    "core.kernel",
)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(f"{app}.urls")) for app in _APPS]
