"""Calls to addresses that somebody typed in go to public ones, and to those that were checked."""

import ipaddress
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from api.server.outbound_http import AddressNotPublic, OutboundHttp, is_public

INWARD = {
    "loopback": "127.0.0.1",
    "loopback, IPv6": "::1",
    "private": "10.0.0.8",
    "private, 172": "172.16.3.4",
    "private, 192": "192.168.1.1",
    "link-local": "169.254.169.254",
    "shared": "100.64.0.1",
    "this network": "0.0.0.0",
    "unspecified": "::",
    "multicast": "224.0.0.1",
    "multicast, IPv6": "ff0e::1",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "documentation": "192.0.2.1",
    "benchmarks": "198.18.0.1",
    "protocol assignments": "192.0.0.9",
    "6to4 relay": "192.88.99.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64 of a public one": "64:ff9b::5db8:d822",
    "NAT64, local": "64:ff9b:1::7f00:1",
    "6to4": "2002:7f00:1::",
    "6to4 of a public one": "2002:5db8:d822::1",
    "Teredo": "2001:0:5db8:d822::1",
    "ORCHID": "2001:20::1",
    "mapped": "::ffff:127.0.0.1",
    "mapped, public": "::ffff:93.184.216.34",
    "compatible": "::127.0.0.1",
    "compatible, public": "::93.184.216.34",
    "translated": "::ffff:0:93.184.216.34",
    "ISATAP": "2a00:1450:4001:81b:0:5efe:7f00:1",
    "ISATAP, global": "2a00:1450::200:5efe:a00:1",
    "unique local": "fd00::1",
    "link-local, IPv6": "fe80::1",
    "site-local": "fec0::1",
    "documentation, IPv6": "2001:db8::1",
    "documentation, newer": "3fff::1",
    "discard": "100::1",
    "segment routing": "5f00::1",
    "unassigned": "4000::1",
}


@pytest.mark.parametrize("address", INWARD.values(), ids=INWARD)
def test_no_address_inside_or_of_a_transition_range_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressNotPublic):
        OutboundHttp().check(f"https://{host}/heads")


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2a00:1450:4001:81b::200e"])
def test_a_global_unicast_address_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("port", [22, 80, 5432, 8443])
def test_nothing_is_sent_to_another_port(port: int) -> None:
    OutboundHttp().check("https://93.184.216.34:443/heads")
    with pytest.raises(AddressNotPublic, match="443"):
        OutboundHttp().check(f"https://93.184.216.34:{port}/heads")


class _Counts(BaseHTTPRequestHandler):
    hosts: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.hosts.append(self.headers["Host"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return


def test_a_name_that_answers_otherwise_a_moment_later_reaches_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handler = type("Counts", (_Counts,), {"hosts": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    answers = iter(["127.0.0.1", "127.0.0.9", "127.0.0.9"])
    resolve = socket.getaddrinfo

    def rebinding(host: Any, *given: Any, **named: Any) -> Any:
        host = host.decode() if isinstance(host, bytes) else host
        return resolve(next(answers) if host == "rebinding.example" else host, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    here = OutboundHttp(lambda address: str(address) == "127.0.0.1", frozenset({"http"}))
    name = f"rebinding.example:{server.server_port}"
    try:
        assert here.post(f"http://{name}/heads", b"{}") == 200
        with pytest.raises(AddressNotPublic):
            here.post(f"http://{name}/heads", b"{}")
    finally:
        server.shutdown()
        server.server_close()
    assert handler.hosts == [name]  # type: ignore[attr-defined]
