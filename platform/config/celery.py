"""The Celery app. Its task class, from ``tenants``, carries the institute in the header."""

from celery import Celery

app = Celery("ithaca", task_cls="tenants.celery:InstituteTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def _schedule(sender: Celery, **_: object) -> None:
    """Ring each periodic task in every institute, and those of the platform once."""
    from django.conf import settings

    of_the_platform = {
        name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
        for name, seconds in settings.PLATFORM_TASKS.items()
    }
    sender.conf.beat_schedule = of_the_platform | {
        name: {
            "task": "tenants.each_institute",
            "schedule": seconds,
            "args": (name,),
            "options": {"expires": seconds},
        }
        for name, seconds in settings.EACH_INSTITUTE.items()
    }
