"""The Celery app. Its task class, from ``tenants``, carries the institute in the header."""

from importlib.util import find_spec

from celery import Celery

TASK_CLASS = "tenants.celery:InstituteTask"

app = Celery("ithaca", **({"task_cls": TASK_CLASS} if find_spec("tenants.celery") else {}))
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def _schedule(sender: Celery, **_: object) -> None:
    """Ring each periodic task in every institute."""
    from django.conf import settings

    sender.conf.beat_schedule = {
        name: {
            "task": "tenants.each_institute",
            "schedule": seconds,
            "args": (name,),
            "options": {"expires": seconds},
        }
        for name, seconds in settings.EACH_INSTITUTE.items()
    }
