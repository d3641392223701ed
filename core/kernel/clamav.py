"""ClamAV as the scanner of files: its daemon is asked over a socket (INSTREAM).

CLAMAV_ADDRESS is "host:port" or the path of a socket.
"""

import socket
from typing import BinaryIO

from django.conf import settings

from core.kernel.scanning import ScannerDown

TIMEOUT = 20.0
BLOCK = 64 * 1024
LONGEST_ANSWER = 4096


def scan(file: BinaryIO) -> str:
    """The name of what was found in a file, empty when it is clean. Raises ScannerDown."""
    try:
        with _connected() as daemon:
            return _verdict(_asked(daemon, file))
    except OSError as error:
        raise ScannerDown(str(error)) from error


def _connected() -> socket.socket:
    address: str = settings.CLAMAV_ADDRESS
    if address.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        daemon.settimeout(TIMEOUT)
        daemon.connect(address)
        return daemon
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)


def _asked(daemon: socket.socket, file: BinaryIO) -> str:
    daemon.sendall(b"zINSTREAM\0")
    while block := file.read(BLOCK):
        daemon.sendall(len(block).to_bytes(4, "big") + block)
    daemon.sendall(bytes(4))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        part = daemon.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> str:
    words = answer.removeprefix("stream: ")
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise ScannerDown(f"unexpected answer: {answer[:200]!r}")
