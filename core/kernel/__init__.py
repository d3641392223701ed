"""The ground floor: events, audit, outbox, clock, errors and ports. It knows nothing above it."""
