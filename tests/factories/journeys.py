"""Two who have marked a stage and filled in an activity."""

from core.journey import queries, services
from core.journey.models import Run
from core.mentorships.models import Mentorship


def make_run(mentorship: Mentorship) -> Run:
    """Their journey: the first stage is marked by the mentee, its first sheet has a version."""
    run = queries.run_of(mentorship)
    assert run is not None
    stage = run.plan.stages[0]
    services.mark(run, stage.key, by=mentorship.mentee)
    run = queries.run_of(mentorship)
    assert run is not None
    activity = stage.activities[0]
    written = {activity.questions[0].key: "Every three weeks."}
    services.fill_in(run, activity.key, written, based_on=0, by=mentorship.mentor)
    return run
