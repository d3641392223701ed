"""Anybody checks a record by its code, without an account (product E14)."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.cpd import queries, rules
from core.cpd.pages.finding import scheme_of_site
from core.kernel.limits import allow


@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """What was issued under a code: name, period, hours, date, digest. Never what stands in it.

    Whatever else is typed gets one and the same answer.
    """
    scheme_of_site()
    asked = request.GET.get("code", "").strip()[:80]
    record = None
    if asked:
        address = get_adapter().get_client_ip(request)
        if not allow(f"cpd check:{address}", limit=rules.CHECKS, seconds=rules.CHECKS_SECONDS):
            return render(request, "429.html", status=429)
        record = queries.record_with(rules.code_from(asked))
    answer = render(request, "cpd/check.html", {"asked": asked, "record": record})
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
