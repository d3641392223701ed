"""Addresses: one module a kind of site. Tenancy picks one of them for each request."""
