"""Visits are counted by the day, and nobody is in the counts."""

from core.kernel.personal import keeps, nothing

keeps(nothing("visits.DailyVisits", "counts of a day", "day kind count"))
