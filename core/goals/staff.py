"""The words for the letters of SMART (product E4). Goals themselves are not for staff: they are
the two partners', and no list of them is registered here."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.goals import queries, services
from core.goals.forms import WordsForm
from core.goals.rules import LETTERS
from core.kernel.staff import staff_site


@staff_site.page("smart/", "smart")
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """The five words and what is asked at each; saving puts them into force at once."""
    form = WordsForm(request.POST if request.method == "POST" else None, standing=queries.smart())
    if form.is_valid():
        services.choose_words(form.cleaned_data["smart"], by=cast(Person, request.user))
        messages.success(request, "Saved. Members see these words from now on.")
        return redirect("staff:smart")
    request.current_app = staff_site.name
    return render(
        request,
        "goals/staff/words.html",
        {
            **staff_site.each_context(request),
            "title": "SMART goals",
            "form": form,
            "letters": [
                (key.upper(), form[f"{key}_word"], form[f"{key}_guidance"]) for key in LETTERS
            ],
        },
        status=422 if form.errors else 200,
    )
