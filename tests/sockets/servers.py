"""Servers on this machine that sockets connect to, and the authority that vouches for some."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

__all__ = ["Servers", "authority", "servers"]

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


class Servers:
    """Ports by name, and what arrived."""

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self.arrived: list[bytes] = []
        self.ended = asyncio.Event()
        """A connection to `echo` has ended."""


async def echo(reader: Reader, writer: Writer) -> None:
    """Send everything back, and end when the client does."""
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def greet(reader: Reader, writer: Writer) -> None:
    """Speak first, then hang up."""
    writer.write(b"hello")
    await writer.drain()


async def answer_at_the_end(reader: Reader, writer: Writer) -> None:
    """Answer when the client has said all."""
    data = await reader.read()
    writer.write(b"got " + data)
    await writer.drain()


async def greet_and_wait(reader: Reader, writer: Writer) -> None:
    """Speak, end that direction, and listen on."""
    writer.write(b"hello")
    writer.write_eof()
    await reader.read()


async def reset(reader: Reader, writer: Writer) -> None:
    """Break the connection off after the first words."""
    await reader.read(1)
    linger = socket.SO_LINGER
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, linger, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


def start_tls(context: ssl.SSLContext):  # type: ignore[no-untyped-def]
    async def serve(reader: Reader, writer: Writer) -> None:
        """Plain up to a line, then TLS."""
        writer.write(await reader.readline())
        await writer.drain()
        await writer.start_tls(context)
        await echo(reader, writer)

    return serve


def authority(folder: Path, name: str = "ca") -> tuple[Path, ssl.SSLContext]:
    """A new authority's certificate in a file, and a server's context with one for localhost."""
    own, key = _certificate(f"{name} of a test", None)
    leaf, leaf_key = _certificate("localhost", (own, key))
    file, chain = folder / f"{name}.pem", folder / f"{name}-leaf.pem"
    file.write_bytes(own.public_bytes(serialization.Encoding.PEM))
    chain.write_bytes(
        leaf.public_bytes(serialization.Encoding.PEM)
        + leaf_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return file, context


Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _certificate(name: str, issuer: Pair | None) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer[0].subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer is not None:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key if issuer is None else issuer[1], hashes.SHA256()), key


@asynccontextmanager
async def servers(trusted: ssl.SSLContext, strange: ssl.SSLContext) -> AsyncIterator[Servers]:
    """All of them, on ports of their own."""
    found = Servers()
    handlers = {
        "echo": (echo, None),
        "greet": (greet, None),
        "late": (answer_at_the_end, None),
        "half": (greet_and_wait, None),
        "reset": (reset, None),
        "tls": (echo, trusted),
        "strange": (echo, strange),
        "upgrade": (start_tls(trusted), None),
        "upgrade-strange": (start_tls(strange), None),
    }
    running, talks = [], set[asyncio.Task[None]]()

    def handle(handler):  # type: ignore[no-untyped-def]
        async def serve(reader: Reader, writer: Writer) -> None:
            task = asyncio.current_task()
            assert task is not None
            talks.add(task)
            try:
                await handler(reader, writer)
            except (OSError, asyncio.CancelledError):
                pass
            finally:
                talks.discard(task)
                writer.close()
                found.ended.set()

        return serve

    for name, (handler, context) in handlers.items():
        server = await asyncio.start_server(handle(handler), "127.0.0.1", 0, ssl=context)
        running.append(server)
        found.ports[name] = server.sockets[0].getsockname()[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found.ports["refused"] = free.getsockname()[1]
    try:
        yield found
    finally:
        for server in running:
            server.close()
        for task in tuple(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
