from django.urls import path

from core.help import pages

app_name = "help"
urlpatterns = [
    path("help/", pages.faqs, name="faqs"),
    path("about/<slug:slug>/", pages.legal, name="legal"),
]
