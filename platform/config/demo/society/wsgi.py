"""The society as a WSGI program; its settings are named by whoever starts it."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
