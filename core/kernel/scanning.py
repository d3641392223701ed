"""The hook for virus scanners.

The setting FILE_SCANNER names a function that takes an open file and returns the name of what it
found, or an empty text. It raises ScannerDown when it cannot tell; nothing is taken then.
"""


class ScannerDown(Exception):
    """The scanner did not answer, or not in a way that can be trusted."""
