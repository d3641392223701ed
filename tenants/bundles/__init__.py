"""The bundle: one folder that describes an institute, read, checked and applied."""
