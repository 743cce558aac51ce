"""What sockets are asked, here and in workerd.

A step is ``[verb, socket, ...]``; `$name` in an address stands for the port of a server.
"""

from __future__ import annotations

from typing import Any

Step = list[Any]


def to(server: str, **options: Any) -> Step:
    return ["connect", "s", f"localhost:${server}", options]


WRITE = ["write", "s", "abc"]
READ = ["read", "s"]
END = ["end", "s"]
CLOSE = ["close", "s"]
OPENED, CLOSED = ["promise", "s", "opened"], ["promise", "s", "closed"]
STARTTLS = {"secureTransport": "starttls"}


def bad(*address: Any) -> Step:
    return ["connect", "s", *address]


SCENARIOS: dict[str, list[Step]] = {
    "an echo": [to("echo"), OPENED, WRITE, READ, WRITE, READ, CLOSE, CLOSED],
    "an address in parts": [
        ["connect", "s", {"hostname": "localhost", "port": "$echo"}],
        OPENED,
        WRITE,
        READ,
        CLOSE,
    ],
    "an address in numbers": [["connect", "s", "127.0.0.1:$echo"], OPENED, WRITE, READ, CLOSE],
    "what it is": [
        to("echo"),
        *(["get", "s", name] for name in ("upgraded", "secureTransport", "kind")),
        ["get", "s", "names"],
        CLOSE,
    ],
    "written before it is open": [to("echo"), WRITE, READ, CLOSE],
    "bytes": [to("echo"), ["write", "s", {"$bytes": [0, 255, 1]}], READ, CLOSE],
    "no bytes": [to("echo"), ["write", "s", {"a": 1}], ["write", "s", 5], CLOSED],
    "an empty piece": [to("echo"), ["write", "s", ""], WRITE, READ, CLOSE],
    "the end of the writer": [to("echo"), WRITE, READ, END, READ, CLOSED],
    "the end of the writer, then an answer": [to("late"), WRITE, END, READ, READ, CLOSED],
    "the peer ends": [to("greet"), READ, READ, CLOSED, WRITE],
    "the peer ends, half open": [to("greet", allowHalfOpen=True), READ, READ, END, CLOSED],
    "the peer ends one side": [to("half"), READ, READ, CLOSED, WRITE],
    "the peer ends one side, half open": [
        to("half", allowHalfOpen=True),
        READ,
        READ,
        WRITE,
        END,
        CLOSED,
    ],
    "the peer breaks off": [to("reset"), WRITE, READ],
    "closed": [to("echo"), OPENED, CLOSE, CLOSED, READ, WRITE, CLOSE],
    "closed before it is open": [to("echo"), CLOSE, OPENED, CLOSED],
    "closed with something written": [to("echo"), WRITE, CLOSE, READ, WRITE],
    "closed after reading": [to("echo"), WRITE, READ, CLOSE, READ, WRITE],
    "startTls with a writer": [
        to("upgrade", **STARTTLS),
        ["write", "s", "go\n"],
        READ,
        ["release", "s", "reader"],
        ["startTls", "s", "t"],
        ["promise", "t", "opened"],
    ],
    "startTls with a reader alone": [
        to("upgrade", **STARTTLS),
        ["write", "s", "go\n"],
        READ,
        ["release", "s", "writer"],
        ["startTls", "s", "t"],
        ["promise", "t", "opened"],
    ],
    "startTls with a reader": [
        to("upgrade", **STARTTLS),
        ["write", "s", "go\n"],
        READ,
        ["startTls", "s", "t"],
        ["promise", "t", "opened"],
        READ,
        WRITE,
        ["close", "t"],
    ],
    "the reader is cancelled": [to("echo"), OPENED, ["cancel", "s"], READ, CLOSED],
    "the writer is aborted": [to("echo"), OPENED, ["abort", "s", "no"], WRITE, CLOSED],
    "refused": [to("refused"), OPENED, CLOSED, READ, WRITE, CLOSE],
    "refused, and written to": [to("refused"), WRITE, READ],
    "no such host": [["connect", "s", "nowhere.invalid:1234"], OPENED, CLOSED],
    "no such host, HTTPS": [["connect", "s", "nowhere.invalid:443"], OPENED],
    "TLS": [
        to("tls", secureTransport="on"),
        OPENED,
        WRITE,
        READ,
        ["get", "s", "secureTransport"],
        CLOSE,
    ],
    "TLS that is not trusted": [to("strange", secureTransport="on"), OPENED, CLOSED, READ],
    "TLS of another name": [
        ["connect", "s", "127.0.0.2:$tls", {"secureTransport": "on"}],
        OPENED,
        READ,
    ],
    "TLS with a plain server": [to("greet", secureTransport="on"), OPENED, READ],
    "startTls": [
        to("upgrade", **STARTTLS),
        ["write", "s", "go\n"],
        READ,
        ["release", "s"],
        ["startTls", "s", "t"],
        CLOSED,
        ["get", "s", "upgraded"],
        ["get", "s", "secureTransport"],
        ["promise", "t", "opened"],
        ["get", "t", "secureTransport"],
        ["get", "t", "upgraded"],
        ["write", "t", "abc"],
        ["read", "t"],
        ["startTls", "t", "u"],
        ["close", "t"],
        ["promise", "t", "closed"],
    ],
    "startTls that is not trusted": [
        to("upgrade-strange", **STARTTLS),
        ["write", "s", "go\n"],
        READ,
        ["release", "s"],
        ["startTls", "s", "t"],
        ["promise", "t", "opened"],
        ["read", "t"],
        ["promise", "t", "closed"],
    ],
    "startTls without the option": [to("echo"), ["startTls", "s", "t"], CLOSE],
    "startTls of TLS": [to("tls", secureTransport="on"), ["startTls", "s", "t"], CLOSE],
    "startTls of a closed one": [to("echo", **STARTTLS), CLOSE, ["startTls", "s", "t"]],
    "startTls twice": [
        to("upgrade", **STARTTLS),
        ["write", "s", "go\n"],
        READ,
        ["release", "s"],
        ["startTls", "s", "t"],
        ["startTls", "s", "u"],
        ["promise", "t", "opened"],
        ["startTls", "s", "u"],
        ["close", "t"],
    ],
    "addresses that are none": [
        bad(),
        bad(None),
        bad(5),
        bad(""),
        bad("localhost"),
        bad(":80"),
        bad("localhost:"),
        bad("localhost:99999"),
        bad("localhost:x"),
        bad("a b:80"),
        bad("exa$$mple:80"),
        bad("h" * 260 + ":80"),
        bad("http://localhost:1234"),
        bad({}),
        bad({"hostname": "localhost"}),
        bad({"port": 5}),
        bad({"hostname": "localhost", "port": "x"}),
        bad({"hostname": "localhost", "port": 70000}),
        bad({"hostname": "localhost", "port": -1}),
        bad({"hostname": "", "port": 0}),
        bad({"hostname": "a/b", "port": 80}),
    ],
    "options that are none": [
        ["connect", "s", "localhost:$echo", 5],
        ["connect", "s", "localhost:$echo", None],
        to("echo", secureTransport="yes"),
        to("echo", secureTransport=5),
        to("echo", allowHalfOpen="yes"),
        to("echo", highWaterMark=-1),
        to("echo", highWaterMark="x"),
    ],
}
