"""A small DNS server on the loopback: real packets, answers from a table."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Zone:
    """What the server knows: (name, type) → texts. `silent` names get no answer at all."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""

    def txt(self, name: str, *texts: str) -> None:
        """Set the TXT records of a name; long ones are cut into parts as in real zones."""
        self.records[(name, "TXT")] = [
            " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
            for text in texts
        ]


@contextmanager
def serving(zone: Zone) -> Iterator[Zone]:
    """The server, on a free port of the loopback, for the block."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            packet, socket = self.request
            query = dns.message.from_wire(packet)
            question = query.question[0]
            name = question.name.to_text(omit_final_dot=True).lower()
            kind = dns.rdatatype.to_text(question.rdtype)
            zone.asked.append((name, kind))
            if name in zone.silent:
                return
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            found = zone.records.get((name, kind), [])
            if name in zone.broken:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif found:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
            elif not any(known == name for known, _ in zone.records):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            socket.sendto(answer.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        zone.address = f"127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield zone
        finally:
            server.shutdown()
            thread.join()
