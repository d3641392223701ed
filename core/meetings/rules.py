"""When two people can meet: dates and times as they are typed, in somebody's own zone."""

TITLE_LENGTH = 120
PLACE_LENGTH = 200
DETAILS_LENGTH = 4000
NOTE_LENGTH = 10_000
