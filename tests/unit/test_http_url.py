"""
URLs of servers: the normal form, and what is connected to.
"""

from __future__ import annotations

from typing import Any, List, Tuple

import pytest

from pywbem._cim_http import parse_url
from pywbem._http.url import target_of

VALID: List[Tuple[Any, str, str]] = [
    # URL, scheme, host with port
    ("localhost", "http", "localhost:5988"),
    ("http://localhost", "http", "localhost:5988"),
    ("https://localhost", "https", "localhost:5989"),
    ("HTTPs://LocalHost", "https", "LocalHost:5989"),
    ("http://localhost/", "http", "localhost:5988"),
    ("https://localhost:6000/cimom?x=1#y", "https", "localhost:6000"),
    ("localhost:5000", "http", "localhost:5000"),
    ("localhost:65536", "http", "localhost:65536"),
    ("10.11.12.13", "http", "10.11.12.13:5988"),
    ("http://10.11.12.13:00080", "http", "10.11.12.13:80"),
    (b"http://localhost", "http", "localhost:5988"),
    ("http://h\u00f6st", "http", "h\u00f6st:5988"),
    (b"h\xc3\xb6st", "http", "h\u00f6st:5988"),
    ("http://host_name.", "http", "host_name.:5988"),
    ("http:5", "http", "http:5"),
    # IPv6
    ("http://[2001:DB8::1234]:15988", "http", "[2001:DB8::1234]:15988"),
    ("[::1]", "http", "[::1]:5988"),
    ("http://[::ffff.10.11.12.13]", "http", "[::ffff.10.11.12.13]:5988"),
    ("http://::1:5988", "http", "[::1]:5988"),
    ("http://1:2:3:4:5:6:7:8", "http", "[1:2:3:4:5:6:7]:8"),
    ("2001:db8::1234-eth0", "http", "[2001:db8::1234-eth0]:5988"),
    # Zone index
    ("https://[2001:db8::1234-eth0]", "https", "[2001:db8::1234-eth0]:5989"),
    ("https://[2001:db8::1234%eth0]:77/x", "https", "[2001:db8::1234-eth0]:77"),
    ("https://[fe80::1%25Eth0]", "https", "[fe80::1-25Eth0]:5989"),
    ("https://fe80::1%25eth0:77", "https", "[fe80::1-25eth0]:77"),
    ("http://[fe80::1-eth%25]", "http", "[fe80::1-eth%25]:5988"),
    ("host\n", "http", "host:5988"),
]

# What nobody should write, but programs may have written.
ODD: List[Tuple[Any, str, str]] = [
    ("https://localhost:", "https", "[localhost:]:5989"),
    ("http://lo calhost", "http", "lo calhost:5988"),
    ("http://", "http", "[http:]:5988"),
    ("http://[]", "http", "[]:5988"),
    ("x: 5 ", "http", "x:5"),
    ("http://[fe80::1%]", "http", "[fe80::1%]:5988"),
]


@pytest.mark.parametrize("url, scheme, host", VALID + ODD)
def test_parse_url(url: Any, scheme: str, host: str) -> None:
    assert parse_url(url) == (scheme, host, f"{scheme}://{host}")


@pytest.mark.parametrize("url, scheme, host", VALID)
def test_normal_form_is_stable(url: Any, scheme: str, host: str) -> None:
    normal = parse_url(url)[2]
    assert parse_url(normal, allow_defaults=False) == (scheme, host, normal)


SCHEMES = "it is http or https"


@pytest.mark.parametrize(
    "url, message",
    [
        ("", "Invalid URL ''"),
        ("//host", "Invalid URL '//host'"),
        ("/host", "Invalid URL '/host'"),
        ("ftp://host", f"Unsupported scheme 'ftp' in URL 'ftp://host'; {SCHEMES}"),
        ("httpz://host", f"Unsupported scheme 'httpz' in URL 'httpz://host'; {SCHEMES}"),
        (" http://host", f"Unsupported scheme ' http' in URL ' http://host'; {SCHEMES}"),
        ("localhost:x", "Invalid port number 'x' in URL 'localhost:x'"),
        ("::1%eth0", "Invalid port number '1%eth0' in URL '::1%eth0'"),
    ],
)
def test_parse_url_refuses(url: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_url(url)
    assert str(caught.value) == message


@pytest.mark.parametrize("url", [None, 5, 1.5, []])
def test_parse_url_refuses_types(url: Any) -> None:
    with pytest.raises(TypeError):
        parse_url(url)


@pytest.mark.parametrize(
    "url, message",
    [
        ("localhost", "Scheme component missing in URL 'localhost'"),
        ("localhost:5988", "Scheme component missing in URL 'localhost:5988'"),
        ("http://localhost", "Port component missing in URL 'http://localhost'"),
    ],
)
def test_parse_url_without_defaults(url: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_url(url, allow_defaults=False)
    assert str(caught.value) == message


def test_parse_url_complete_without_defaults() -> None:
    assert parse_url("HTTP://a:1/x", allow_defaults=False) == ("http", "a:1", "http://a:1")


@pytest.mark.parametrize(
    "url, host, port, host_header, server_name",
    [
        ("acme.com:80", "acme.com", 80, "acme.com:80", "acme.com"),
        ("https://Acme.com", "Acme.com", 5989, "Acme.com:5989", "Acme.com"),
        ("https://10.1.2.3", "10.1.2.3", 5989, "10.1.2.3:5989", "10.1.2.3"),
        ("[::1]", "::1", 5988, "[::1]:5988", "::1"),
        ("https://[fe80::1%25eth0]", "fe80::1%eth0", 5989, "[fe80::1]:5989", "fe80::1"),
        ("https://[fe80::1%eth0]", "fe80::1%eth0", 5989, "[fe80::1]:5989", "fe80::1"),
        ("https://[fe80::1-eth0]", "fe80::1%eth0", 5989, "[fe80::1]:5989", "fe80::1"),
        ("https://[fe80::1-25eth0]:5989", "fe80::1%eth0", 5989, "[fe80::1]:5989", "fe80::1"),
        ("[fe80::1%252]", "fe80::1%2", 5988, "[fe80::1]:5988", "fe80::1"),
        ("[fe80::1%25]", "fe80::1%25", 5988, "[fe80::1]:5988", "fe80::1"),
        ("https://acme.com.", "acme.com.", 5989, "acme.com.:5989", "acme.com"),
        (
            "http://b\u00fccher.example",
            "xn--bcher-kva.example",
            5988,
            "xn--bcher-kva.example:5988",
            "xn--bcher-kva.example",
        ),
    ],
)
def test_target(url: str, host: str, port: int, host_header: str, server_name: str) -> None:
    target = target_of(url)
    assert (target.host, target.port) == (host, port)
    assert target.host_header == host_header
    assert target.server_name == server_name
    assert target.cimom_url == f"{target.scheme}://{host_header}/cimom"
    assert target_of(parse_url(url)[2]) == target


@pytest.mark.parametrize(
    "url",
    [
        "lo calhost",
        "a\nb",
        "a\r\nX",
        "[]",
        "[xyz]",
        "[::1]x",
        "[fe80::1%eth0 ]",
        "[fe80::1%]",
        "http://",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "http://[::1",
        "a%41",
        "a..b",
        "x" * 64,
        "<a>",
    ],
)
def test_target_refuses(url: str) -> None:
    with pytest.raises(ValueError, match="in the URL"):
        target_of(url)
