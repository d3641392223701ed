"""Private files of an institute, by short signed links (for files that are kept in a folder)."""

import mimetypes
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from tenants.storage import LINK_SECONDS, signer

SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})


@require_safe
def institute_file(request: HttpRequest, token: str) -> FileResponse:
    """The file of a signed link; 404 for an altered, foreign or old one.

    Pictures may be shown; everything else is an attachment with a type that nothing runs.
    """
    try:
        name = signer().unsign(token, max_age=LINK_SECONDS)
        opened = default_storage.open(name)
    except (BadSignature, SuspiciousOperation, OSError):
        raise Http404 from None
    kind = mimetypes.guess_type(name)[0] or ""
    shown = kind in SHOWN
    return FileResponse(
        opened,
        as_attachment=not shown,
        filename=PurePosixPath(name).name,
        content_type=kind if shown else "application/octet-stream",
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": f"private, max-age={LINK_SECONDS}",
        },
    )
