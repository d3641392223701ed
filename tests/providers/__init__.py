"""Identity providers that other people wrote, run on the loopback for the tests of sign-in."""
