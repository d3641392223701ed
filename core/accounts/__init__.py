"""People of a site: accounts, roles, sign-in."""
