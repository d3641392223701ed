"""The end of what one request may carry, before any of it is written to a disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Bounded(FileUploadHandler):
    """Refuses a request whose announced length is over UPLOAD_LIMIT; keeps no file itself."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Errors: RequestDataTooBig, which becomes a page with status 400."""
        if content_length > settings.UPLOAD_LIMIT:
            raise RequestDataTooBig("The request carries more than is taken at once.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the data on to the handlers after this one."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The file is kept by the handlers after this one."""
