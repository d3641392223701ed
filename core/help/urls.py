from django.urls import path

from core.help import pages

app_name = "help"
urlpatterns = [
    path("help/", pages.faqs, name="faqs"),
    path("help/contact/", pages.contact, name="contact"),
    path("help/contact/sent/", pages.sent, name="sent"),
    path("help/questions/<slug:key>/", pages.faq, name="faq"),
    path("about/<slug:slug>/", pages.legal, name="legal"),
]
