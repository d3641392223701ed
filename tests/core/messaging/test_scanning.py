"""Files and the virus scanner: a daemon of our own on the loopback plays ClamAV."""

import socket
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.kernel import clamav
from core.kernel.scanning import ScannerDown
from core.messaging import errors, services

Answer = Callable[[bytes], bytes]
BAD = b"THIS IS THE PLANTED VIRUS"


def clamd(content: bytes) -> bytes:
    return b"stream: Planted-Test FOUND\0" if BAD in content else b"stream: OK\0"


class Daemon:
    """Takes INSTREAM on a socket and answers what it is told to."""

    def __init__(self, listener: socket.socket, answer: Answer = clamd) -> None:
        self.listener, self.answer = listener, answer
        self.seen: list[bytes] = []
        self.thread = Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client, client.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while length := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(length)
                self.seen.append(content)
                client.sendall(self.answer(content))

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


@pytest.fixture
def daemon(settings: Any) -> Iterator[Daemon]:
    listener = socket.create_server(("127.0.0.1", 0))
    settings.CLAMAV_ADDRESS = f"127.0.0.1:{listener.getsockname()[1]}"
    settings.FILE_SCANNER = "core.kernel.clamav.scan"
    running = Daemon(listener)
    yield running
    running.close()


def test_scanner_reads_the_whole_file_in_parts(daemon: Daemon) -> None:
    content = bytes(range(256)) * 1000
    assert clamav.scan(BytesIO(content)) == ""
    assert daemon.seen == [content]


def test_scanner_names_what_it_found_across_the_border_of_two_parts(daemon: Daemon) -> None:
    assert clamav.scan(BytesIO(b"x" * (clamav.BLOCK - 5) + BAD)) == "Planted-Test"


def test_scanner_is_asked_over_a_socket_of_the_machine(tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "clamd.sock"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen()
    settings.CLAMAV_ADDRESS = str(path)
    running = Daemon(listener)
    assert clamav.scan(BytesIO(BAD)) == "Planted-Test"
    running.close()


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"nonsense\0", b"\xff" * 9000]
)
def test_scanner_that_does_not_say_clean_has_not_said_clean(answer: bytes, daemon: Daemon) -> None:
    daemon.answer = lambda content: answer
    with pytest.raises(ScannerDown):
        clamav.scan(BytesIO(b"x"))


@pytest.mark.django_db
def test_member_sends_a_virus_and_it_is_refused(daemon: Daemon) -> None:
    with pytest.raises(errors.FilesRefused, match="virus scanner"):
        services.check_files([SimpleUploadedFile("notes.txt", BAD)])
    assert services.check_files([SimpleUploadedFile("notes.txt", b"hello")])
    assert daemon.seen == [BAD, b"hello"]


@pytest.mark.django_db
def test_scanner_is_down_and_no_file_is_taken(settings: Any) -> None:
    settings.FILE_SCANNER = "core.kernel.clamav.scan"
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    with pytest.raises(errors.FilesRefused, match="Try again in a few minutes"):
        services.check_files([SimpleUploadedFile("notes.txt", b"hello")])
