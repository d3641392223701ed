"""How often the site is visited: counted by day and kind, without following anybody."""
