"""Files of messages: for the two alone, through links that last minutes (product D4)."""

import logging
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.accounts.permissions import member_required
from core.kernel import signing
from core.kernel.downloads import private_file
from core.messaging import errors, queries
from core.messaging.pages.people import reader

log = logging.getLogger(__name__)
PURPOSE = "message file"
LINK_LASTS = timedelta(minutes=5)


@member_required
@never_cache
@require_safe
def file(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """Whoever is one of the two gets a link that is theirs alone, on this site, for minutes."""
    person = reader(request)
    if queries.file_for(person, attachment_id) is None:
        raise Http404
    return redirect("messaging:content", signing.sign(PURPOSE, f"{attachment_id}:{person.pk}"))


@require_safe
def content(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file itself. Only pictures that we drew are shown in the page; all else is saved."""
    person = reader(request)
    try:
        value = signing.unsign(PURPOSE, token, LINK_LASTS)
    except signing.BadToken:
        raise errors.LinkPast(
            "This link to a file is no longer good. Choose the file again in the conversation."
        ) from None
    attachment_id, _, person_id = value.partition(":")
    found = queries.file_for(person, UUID(attachment_id)) if person_id == str(person.pk) else None
    if found is None:
        raise Http404
    try:
        return private_file(
            found.stored_as,
            name=found.name,
            content_type=found.content_type,
            inline=found.is_picture,
        )
    except FileNotFoundError:
        raise Http404 from None
    except OSError:
        log.exception("The storage did not hand out a file")
        raise errors.FileAway(
            "This file cannot be fetched at the moment. It is kept: try again in a few minutes."
        ) from None
