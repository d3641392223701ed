"""What the pages of one institute begin with."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from console.queries import institute_called
from tenants.models import Institute


def institute_or_404(slug: str) -> Institute:
    """The institute with this short name. Raises Http404."""
    institute = institute_called(slug)
    if institute is None:
        raise Http404
    return institute


def asked(
    request: HttpRequest,
    institute: Institute,
    form: forms.Form,
    *,
    title: str,
    lede: str,
    button: str,
    danger: bool = False,
) -> HttpResponse:
    """A page with one form about one institute."""
    context = {
        "institute": institute,
        "form": form,
        "title": title,
        "lede": lede,
        "button": button,
        "danger": danger,
        "back": reverse("console:institute", args=[institute.slug]),
    }
    return render(request, "console/form.html", context, status=422 if form.errors else 200)
