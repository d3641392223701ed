"""Addresses of what members do with their own data."""

from django.urls import include, path

from core.privacy.pages import consenting, erasing

app = [
    path("agree/", consenting.agree, name="agree"),
    path("agreements/", consenting.agreements, name="agreements"),
    path("erase/", erasing.erase, name="erase"),
    path("erase/<str:token>/", erasing.confirm, name="erase_confirm"),
]

urlpatterns = [path("account/", include((app, "privacy")))]
