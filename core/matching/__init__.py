"""Who could help whom: criteria, the index of mentors, the ranked search."""
