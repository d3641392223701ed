"""Write to the institute, signed in or not (product F2)."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.help import rules, services
from core.help.forms import ContactForm
from core.help.models import EnquiryKind
from core.kernel.errors import RuleBroken
from core.kernel.searching import tidy


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form; `?kind=` and `?subject=` fill it in. What is wrong comes back with every word."""
    person = request.user if isinstance(request.user, Person) else None
    kind = request.GET.get("kind", "")
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        person=person,
        initial={
            "kind": kind if kind in EnquiryKind.values else EnquiryKind.QUESTION.value,
            "subject": tidy(request.GET.get("subject", "")),
        },
    )
    if form.is_valid():
        try:
            services.send_enquiry(
                form.asked,
                key=form.cleaned_data["key"],
                person=person,
                network=rules.network(_address(request)),
            )
            return redirect("help:sent")
        except RuleBroken as broken:
            form.add_error(None, broken.message)
    return render(request, "help/contact.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Thanks, and what happens now."""
    return render(request, "help/sent.html", {"days": rules.ACKNOWLEDGE_WITHIN.days})


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return ""
