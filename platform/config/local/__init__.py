"""Embedded servers for demo and tests: PostgreSQL and Redis from wheels, no installation."""
