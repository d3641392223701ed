"""Pages of members."""

from core.messaging.pages.asking import ask
from core.messaging.pages.files import content, file
from core.messaging.pages.reporting import report
from core.messaging.pages.thread import draft, inbox, news, thread

__all__ = ["ask", "content", "draft", "file", "inbox", "news", "report", "thread"]
