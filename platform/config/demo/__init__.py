"""The demo: five institutes with generated people, on one machine, by one command."""
