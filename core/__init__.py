"""Mentoring, blind to tenancy: nothing here knows that there is more than one institute."""
