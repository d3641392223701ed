"""Assembles the addresses of an institute's site out of what each app brings."""
