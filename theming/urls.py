"""Addresses of the brand's files, below /brand/."""

from django.urls import path

from theming import pages

urlpatterns = [
    path("<slug:digest>.css", pages.brand_css, name="brand_css"),
    path("logo/<slug:digest>.svg", pages.brand_logo, name="brand_logo"),
    path("icon/<slug:digest>.svg", pages.brand_icon, name="brand_icon"),
]
