"""Private files on their way out, with the headers that keep them from being more than files."""

from django.core.files.storage import default_storage
from django.http import FileResponse

POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def private_file(stored_as: str, *, name: str, content_type: str, inline: bool) -> FileResponse:
    """A file of the storage. `inline` only for what the product itself has drawn.

    Errors: FileNotFoundError when the storage has lost it.
    """
    answer = FileResponse(
        default_storage.open(stored_as),
        as_attachment=not inline,
        filename=name,
        content_type=f"{content_type}; charset=utf-8"
        if content_type.startswith("text/")
        else content_type,
    )
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
