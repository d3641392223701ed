"""Addresses of what members do with their own data."""

from django.urls import include, path

from core.privacy.pages import consenting, data, erasing

app = [
    path("data/", data.about_me, name="data"),
    path("data/copy/", data.copy, name="copy"),
    path("data/copy/<uuid:export_id>/", data.copy_file, name="copy_file"),
    path("agree/", consenting.agree, name="agree"),
    path("agreements/", consenting.agreements, name="agreements"),
    path("erase/", erasing.erase, name="erase"),
    path("erase/<str:token>/", erasing.confirm, name="erase_confirm"),
]

urlpatterns = [path("account/", include((app, "privacy")))]
