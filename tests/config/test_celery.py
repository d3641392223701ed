"""Tasks are lost neither by a worker's death nor by a misspelt name."""

from django.conf import settings

from config.celery import app


def test_worker_acknowledges_late_and_takes_one_task_at_a_time() -> None:
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]


def test_every_periodic_task_exists_and_is_rung_in_each_institute_or_once() -> None:
    app.loader.import_default_modules()
    app.finalize()
    assert set(settings.EACH_INSTITUTE) | set(settings.PLATFORM_TASKS) <= set(app.tasks)
    assert set(app.conf.beat_schedule) == {*settings.EACH_INSTITUTE, *settings.PLATFORM_TASKS}
    for name, entry in app.conf.beat_schedule.items():
        if name in settings.PLATFORM_TASKS:
            assert entry["task"] == name
        else:
            assert (entry["task"], entry["args"]) == ("tenants.each_institute", (name,))


def test_redelivery_waits_longer_than_the_longest_task() -> None:
    assert (
        app.conf.broker_transport_options["visibility_timeout"]
        > app.conf.task_time_limit
        > app.conf.task_soft_time_limit
    )
