"""Runs what a test sends it inside the running product: one process instead of one a call.

`python -m tests.browser.inside` reads a line with a JSON string of Python and answers with a line
of JSON: ``{"said": what was printed, "error": the traceback or ""}``.
"""

import contextlib
import io
import json
import sys
import traceback

import django


def serve() -> None:
    """Until the other side closes the line."""
    django.setup()
    from django.db import close_old_connections

    for line in sys.stdin:
        said, error = io.StringIO(), ""
        close_old_connections()
        with contextlib.redirect_stdout(said):
            try:
                exec(json.loads(line), {"__name__": "inside"})
            except Exception:
                error = traceback.format_exc()
        print(json.dumps({"said": said.getvalue(), "error": error}), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()
