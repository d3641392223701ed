"""The statements that count (see `counting`). Names of tables are put in; values are parameters.

Keys are made by the database at random: nobody ever asks for one of these rows by its key.
"""

from typing import Final

from core.accounts.models import Person
from core.insights.models import MemberFacts, PairFacts, Searcher, Tally
from core.journey.models import Run
from core.matching.models import Listing
from core.meetings.models import Meeting
from core.mentorships.models import Mentorship, MentorshipStep
from core.profiles.models import Field, Option, Profile

_TABLES: Final = {
    model.__name__.lower(): f'"{model._meta.db_table}"'
    for model in (
        Person, MemberFacts, PairFacts, Searcher, Tally, Run, Listing, Meeting, Mentorship,
        MentorshipStep, Field, Option, Profile,
    )
}  # fmt: skip


_ANSWERS: Final = """
answers AS MATERIALIZED (
    SELECT p.person_id, p.role,
        array_agg(DISTINCT f.key || '=' || given.value) AS tokens,
        coalesce(
            array_agg(DISTINCT f.key || '=' || given.value) FILTER (WHERE f.audience = 'mentor'),
            '{}'
        ) AS of_mentors_alone
    FROM <profile> AS p
    JOIN <field> AS f
        ON f.active AND f.kind IN ('choice', 'choices', 'boolean')
        AND f.audience IN (p.role, 'both') AND p.answers ? f.key
    CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof(p.answers -> f.key)
            WHEN 'array' THEN p.answers -> f.key
            WHEN 'string' THEN jsonb_build_array(p.answers -> f.key)
            WHEN 'boolean' THEN jsonb_build_array(
                CASE WHEN (p.answers -> f.key)::boolean THEN 'yes' ELSE 'no' END
            )
            ELSE '[]'
        END
    ) AS given (value)
    LEFT JOIN <option> AS o ON o.field_id = f.id AND o.key = given.value AND o.active
    WHERE o.id IS NOT NULL OR f.kind = 'boolean'
    GROUP BY p.person_id, p.role
)
"""


def _named(statement: str) -> str:
    statement = statement.replace("<answers>", _ANSWERS.strip())
    for name, table in _TABLES.items():
        statement = statement.replace(f"<{name}>", table)
    return statement


PAIRS: Final = _named("""
WITH <answers>,
stood AS (
    SELECT m.id, m.mentor_id, m.mentee_id, m.state = 'active' AS running,
        least(min(s.at) FILTER (WHERE s.action = 'send'), m.sent_at) AS sent,
        coalesce(
            min(s.at) FILTER (
                WHERE s.role = 'mentor' AND s.action IN ('accept', 'decline', 'ask_changes')
            ),
            m.answered_at
        ) AS answered,
        coalesce(
            min(s.at) FILTER (WHERE s.after = 'active'),
            CASE WHEN m.state IN ('active', 'completed', 'ended')
                THEN coalesce(m.answered_at, m.changed_at) END
        ) AS matched,
        CASE WHEN m.state = 'completed'
            THEN coalesce(max(s.at) FILTER (WHERE s.after = 'completed'), m.changed_at)
        END AS completed,
        coalesce(
            min(s.at) FILTER (WHERE s.before = 'active' AND s.after IN ('completed', 'ended')),
            CASE WHEN m.state IN ('completed', 'ended') THEN m.changed_at END
        ) AS over
    FROM <mentorship> AS m
    LEFT JOIN <mentorshipstep> AS s ON s.mentorship_id = m.id
    GROUP BY m.id
),
talked AS (
    SELECT mentorship_id, min(at) AS at
    FROM (
        SELECT mentorship_id, starts_at FROM <meeting>
        WHERE cancelled_at IS NULL AND ends_at <= %(at)s
        UNION ALL
        SELECT mentorship_id, (stages -> %(talk)s ->> 'passed')::timestamptz FROM <run>
        WHERE stages -> %(talk)s ->> 'passed' IS NOT NULL
    ) AS talks (mentorship_id, at)
    GROUP BY mentorship_id
)
INSERT INTO <pairfacts> AS held (
    id, mentorship_id, sent_on, answer_hours, matched_on, talked_on, completed_on, over_on,
    running, segments
)
SELECT gen_random_uuid(), stood.id,
    (sent AT TIME ZONE %(zone)s)::date,
    greatest(0, floor(extract(epoch FROM answered - sent) / 3600))::int,
    (matched AT TIME ZONE %(zone)s)::date,
    (talked.at AT TIME ZONE %(zone)s)::date,
    (completed AT TIME ZONE %(zone)s)::date,
    (over AT TIME ZONE %(zone)s)::date,
    running,
    coalesce(asks.tokens, '{}') || coalesce(gives.of_mentors_alone, '{}')
FROM stood
LEFT JOIN talked ON talked.mentorship_id = stood.id AND matched IS NOT NULL
LEFT JOIN answers AS asks ON asks.person_id = stood.mentee_id AND asks.role = 'mentee'
LEFT JOIN answers AS gives ON gives.person_id = stood.mentor_id AND gives.role = 'mentor'
ON CONFLICT (mentorship_id) DO UPDATE SET
    sent_on = excluded.sent_on, answer_hours = excluded.answer_hours,
    matched_on = excluded.matched_on, talked_on = excluded.talked_on,
    completed_on = excluded.completed_on, over_on = excluded.over_on,
    running = excluded.running, segments = excluded.segments
WHERE (held.sent_on, held.answer_hours, held.matched_on, held.talked_on, held.completed_on,
    held.over_on, held.running, held.segments)
    IS DISTINCT FROM (excluded.sent_on, excluded.answer_hours, excluded.matched_on,
    excluded.talked_on, excluded.completed_on, excluded.over_on, excluded.running,
    excluded.segments)
""")

MEMBERS: Final = _named("""
WITH <answers>,
sides AS (
    SELECT id AS person_id, 'mentee' AS side FROM <person> WHERE is_mentee
    UNION ALL SELECT id, 'mentor' FROM <person> WHERE is_mentor
    UNION ALL SELECT id, 'member' FROM <person> WHERE is_mentee OR is_mentor
),
met AS MATERIALIZED (
    SELECT who.person_id, who.side, f.sent_on, f.matched_on, f.talked_on, f.completed_on,
        f.over_on, f.running
    FROM <pairfacts> AS f
    JOIN <mentorship> AS m ON m.id = f.mentorship_id
    CROSS JOIN LATERAL (VALUES
        (m.mentee_id, 'mentee'), (m.mentee_id, 'member'),
        (m.mentor_id, 'mentor'), (m.mentor_id, 'member')
    ) AS who (person_id, side)
),
far AS (
    SELECT person_id, side, min(sent_on) AS requested_on, min(matched_on) AS matched_on,
        min(talked_on) AS talked_on, min(completed_on) AS completed_on, min(over_on) AS over_on,
        bool_or(running) AS busy
    FROM met GROUP BY person_id, side
),
again AS (
    SELECT far.person_id, far.side, min(met.matched_on) AS again_on
    FROM far JOIN met ON met.person_id = far.person_id AND met.side = far.side
    WHERE met.matched_on > far.over_on
    GROUP BY far.person_id, far.side
),
filled AS (
    SELECT p.person_id, who.side, min(p.completed_at) FILTER (WHERE p.complete) AS complete_at
    FROM <profile> AS p
    CROSS JOIN LATERAL (VALUES (p.role), ('member')) AS who (side)
    GROUP BY p.person_id, who.side
),
spoken AS (
    SELECT a.person_id, a.role AS side, a.tokens FROM answers AS a
    UNION ALL
    SELECT a.person_id, 'member', array_agg(DISTINCT word)
    FROM answers AS a CROSS JOIN LATERAL unnest(a.tokens) AS word GROUP BY a.person_id
),
fresh AS (
    SELECT sides.person_id, sides.side, p.is_active AS active,
        sides.side = 'mentor' AND coalesce(l.listed, false) AS listed,
        CASE sides.side
            WHEN 'mentor' THEN coalesce(l.listed AND l.room > 0, false)
            WHEN 'mentee' THEN
                p.is_active AND filled.complete_at IS NOT NULL AND NOT coalesce(far.busy, false)
            ELSE false
        END AS open,
        (p.joined_at AT TIME ZONE %(zone)s)::date AS joined_on,
        (filled.complete_at AT TIME ZONE %(zone)s)::date AS complete_on,
        CASE sides.side WHEN 'mentee' THEN looked.first_on END AS searched_on,
        far.requested_on, far.matched_on, far.talked_on, far.completed_on,
        far.over_on, again.again_on,
        greatest(
            (p.last_login AT TIME ZONE %(zone)s)::date, looked.last_on
        ) AS seen_on,
        coalesce(spoken.tokens, '{}') AS segments
    FROM sides
    JOIN <person> AS p ON p.id = sides.person_id
    LEFT JOIN filled ON filled.person_id = sides.person_id AND filled.side = sides.side
    LEFT JOIN far ON far.person_id = sides.person_id AND far.side = sides.side
    LEFT JOIN again ON again.person_id = sides.person_id AND again.side = sides.side
    LEFT JOIN spoken ON spoken.person_id = sides.person_id AND spoken.side = sides.side
    LEFT JOIN <searcher> AS looked ON looked.person_id = sides.person_id
    LEFT JOIN <listing> AS l ON l.person_id = sides.person_id
),
placed AS (
    SELECT fresh.*,
        CASE
            WHEN side = 'member' THEN (complete_on IS NOT NULL)::int
            WHEN completed_on IS NOT NULL THEN 5 WHEN talked_on IS NOT NULL THEN 4
            WHEN matched_on IS NOT NULL THEN 3 WHEN requested_on IS NOT NULL THEN 2
            WHEN side = 'mentor' THEN (complete_on IS NOT NULL)::int
            WHEN searched_on IS NOT NULL THEN 2
            ELSE (complete_on IS NOT NULL)::int
        -- Mentees search before they ask: one step more.
        END + (side = 'mentee' AND coalesce(completed_on, talked_on, matched_on, requested_on)
            IS NOT NULL)::int AS reached
    FROM fresh
),
gone AS (
    DELETE FROM <memberfacts> AS held
    WHERE NOT EXISTS (
        SELECT FROM sides WHERE sides.person_id = held.person_id AND sides.side = held.side
    )
)
INSERT INTO <memberfacts> AS held (
    id, person_id, side, active, listed, open, reached, joined_on, complete_on, searched_on,
    requested_on, matched_on, talked_on, completed_on, over_on, again_on, seen_on, segments
)
SELECT gen_random_uuid(), person_id, side, active, listed, open, reached, joined_on, complete_on,
    searched_on, requested_on, matched_on, talked_on, completed_on, over_on, again_on, seen_on,
    segments
FROM placed
ON CONFLICT (person_id, side) DO UPDATE SET
    active = excluded.active, listed = excluded.listed, open = excluded.open,
    reached = excluded.reached, joined_on = excluded.joined_on,
    complete_on = excluded.complete_on, searched_on = excluded.searched_on,
    requested_on = excluded.requested_on, matched_on = excluded.matched_on,
    talked_on = excluded.talked_on, completed_on = excluded.completed_on,
    over_on = excluded.over_on, again_on = excluded.again_on, seen_on = excluded.seen_on,
    segments = excluded.segments
WHERE (held.active, held.listed, held.open, held.reached, held.joined_on, held.complete_on,
    held.searched_on, held.requested_on, held.matched_on, held.talked_on, held.completed_on,
    held.over_on, held.again_on, held.seen_on, held.segments)
    IS DISTINCT FROM (excluded.active, excluded.listed, excluded.open, excluded.reached,
    excluded.joined_on, excluded.complete_on, excluded.searched_on, excluded.requested_on,
    excluded.matched_on, excluded.talked_on, excluded.completed_on, excluded.over_on,
    excluded.again_on, excluded.seen_on, excluded.segments)
""")

TALLY: Final = _named("""
WITH people AS MATERIALIZED (
    SELECT segment, f.side, f.active, f.listed, f.open, f.reached, f.joined_on, f.complete_on,
        f.searched_on, f.matched_on, f.over_on, f.again_on, f.seen_on, f.segments
    FROM <memberfacts> AS f CROSS JOIN LATERAL unnest(f.segments || ''::varchar) AS segment
),
pairs AS MATERIALIZED (
    SELECT segment, m.area, f.sent_on, f.answer_hours, f.matched_on, f.completed_on, f.running
    FROM <pairfacts> AS f
    JOIN <mentorship> AS m ON m.id = f.mentorship_id
    CROSS JOIN LATERAL unnest(f.segments || ''::varchar) AS segment
),
far AS (
    SELECT segment, date_trunc('month', joined_on)::date AS month, side, reached, count(*) AS n
    FROM people GROUP BY 1, 2, 3, 4
),
counted (segment, month, measure, key, n) AS (
    SELECT far.segment, far.month, far.side, road.step, sum(far.n)
    FROM far
    JOIN unnest(%(sides)s::text[], %(places)s::int[], %(steps)s::text[])
        AS road (side, place, step)
        ON road.side = far.side AND road.place <= far.reached
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT segment, date_trunc('month', joined_on)::date, which.measure, days::text, count(*)
    FROM people
    CROSS JOIN unnest(%(kept)s::int[]) AS days
    CROSS JOIN (VALUES ('due'), ('kept')) AS which (measure)
    WHERE side = 'member' AND joined_on + days <= %(today)s
        AND (which.measure = 'due' OR seen_on >= joined_on + days)
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT segment, date_trunc('month', over_on)::date, which.measure, '', count(*)
    FROM people CROSS JOIN (VALUES ('over'), ('again')) AS which (measure)
    WHERE side = 'member' AND over_on IS NOT NULL
        AND (which.measure = 'over' OR again_on IS NOT NULL)
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT segment, date_trunc('month', searched_on)::date, 'searched', '', count(*)
    FROM people WHERE side = 'mentee' AND searched_on IS NOT NULL
    GROUP BY 1, 2
    UNION ALL
    SELECT segment, date_trunc('month', matched_on)::date, 'match',
        (%(days)s::int[])[least(
            width_bucket(greatest(0, matched_on - joined_on), %(days)s::int[]) + 1,
            cardinality(%(days)s::int[])
        )]::text, count(*)
    FROM people WHERE side = 'mentee' AND matched_on IS NOT NULL
    GROUP BY 1, 2, 4
    UNION ALL
    SELECT segment, %(present)s::date, which.measure, '', count(*)
    FROM people CROSS JOIN (VALUES ('members'), ('profiles')) AS which (measure)
    WHERE side = 'member' AND active AND (which.measure = 'members' OR complete_on IS NOT NULL)
    GROUP BY 1, 3
    UNION ALL
    SELECT segment, %(present)s::date, which.measure, split_part(topic, '=', 2), count(*)
    FROM people
    CROSS JOIN LATERAL unnest(segments) AS topic
    CROSS JOIN LATERAL (VALUES
        ('topic_mentors', side = 'mentor' AND listed AND split_part(topic, '=', 1) = %(offer)s),
        ('topic_open', side = 'mentor' AND open AND split_part(topic, '=', 1) = %(offer)s),
        ('topic_mentees', side = 'mentee' AND open AND split_part(topic, '=', 1) = %(wish)s)
    ) AS which (measure, counts)
    WHERE which.counts AND (listed OR open)
    GROUP BY 1, 3, 4
    UNION ALL
    SELECT segment, date_trunc('month', sent_on)::date, 'topic_asked', area, count(*)
    FROM pairs GROUP BY 1, 2, 4
    UNION ALL
    SELECT segment, date_trunc('month', sent_on)::date, 'answer',
        (%(hours)s::int[])[least(
            width_bucket(answer_hours, %(hours)s::int[]) + 1, cardinality(%(hours)s::int[])
        )]::text, count(*)
    FROM pairs WHERE answer_hours IS NOT NULL
    GROUP BY 1, 2, 4
    UNION ALL
    SELECT segment, date_trunc('month', which.at)::date, which.measure, '', count(*)
    FROM pairs
    CROSS JOIN LATERAL (VALUES
        ('sent', sent_on), ('matches', matched_on), ('completions', completed_on)
    ) AS which (measure, at)
    WHERE which.at IS NOT NULL
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT segment, %(present)s::date, 'active', '', count(*)
    FROM pairs WHERE running GROUP BY 1
    UNION ALL
    SELECT '', month, measure, key, n
    FROM unnest(
        %(told_months)s::date[], %(told_measures)s::text[], %(told_keys)s::text[],
        %(told_counts)s::int[]
    ) AS told (month, measure, key, n)
),
gone AS (
    DELETE FROM <tally> AS held
    WHERE NOT EXISTS (
        SELECT FROM counted AS c
        WHERE c.segment = held.segment AND c.month = held.month
            AND c.measure = held.measure AND c.key = held.key
    )
)
INSERT INTO <tally> AS held (id, segment, month, measure, key, count)
SELECT gen_random_uuid(), segment, month, measure, key, n FROM counted
ON CONFLICT (segment, month, measure, key) DO UPDATE SET count = excluded.count
WHERE held.count <> excluded.count
""")
