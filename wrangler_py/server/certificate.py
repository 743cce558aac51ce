"""Certificates for serving https: the user's own, or one that is made for this user and machine.

Source: https://developers.cloudflare.com/workers/wrangler/commands/#dev (`--https-key-path`)
"""

from __future__ import annotations

import os
import ssl
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..config.options import Https
from ..errors import UsageError
from ..log import log

if TYPE_CHECKING:
    from cryptography.x509 import KeyUsage

__all__ = ["Certificate", "cache_folder", "made_certificate", "server_context"]

_NAMES = ("localhost", "*.localhost")
_ADDRESSES = ("127.0.0.1", "::1")
_VALID = timedelta(days=365)
_RENEWED_BEFORE = timedelta(days=7)

Certificate = Path
"""A PEM file; clients of ours trust what is in it."""


def server_context(https: Https) -> tuple[ssl.SSLContext, Certificate]:
    """What to serve with, and what a client has to trust.

    Raises: UsageError: the files are no key and certificate.
    """
    if https.key is not None and https.certificate is not None:
        return _context(https.certificate, https.key), https.certificate
    file = made_certificate()
    return _context(file, file.with_name("key.pem")), file


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_alpn_protocols(["http/1.1"])
    try:
        # A key with a passphrase must not stop a server at a question.
        made.load_cert_chain(certificate, key, password=lambda: b"")
    except (OSError, ssl.SSLError) as exc:
        raise UsageError(
            f"https cannot be served with {certificate} and {key}: {exc}",
            where="--https-cert-path, --https-key-path",
            hint="both are PEM files, the key without a passphrase, and belong together",
        ) from None
    return made


def cache_folder() -> Path:
    """Where this user's own certificate is kept."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base or Path.home() / "AppData" / "Local") / "wrangler-py" / "https"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "wrangler-py" / "https"
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base or Path.home() / ".cache") / "wrangler-py" / "https"


def made_certificate(*, make: bool = True) -> Path:
    """The file of this user's certificate, its key beside it; made anew when it is about to expire.

    With ``make`` False it may not be there.
    """
    folder = cache_folder()
    file = folder / "certificate.pem"
    if make and not _is_good(file):
        try:
            _make(folder, file)
        except OSError as exc:
            folder = Path(tempfile.mkdtemp(prefix="wrangler-https-"))
            log.warn(f"the certificate is made anew each time: {exc}")
            file = folder / "certificate.pem"
            _make(folder, file)
    return file


def _is_good(file: Path) -> bool:
    from cryptography import x509  # only for https

    try:
        found = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return False
    return (
        found.not_valid_after_utc - _RENEWED_BEFORE > datetime.now(UTC)
        and file.with_name("key.pem").exists()
    )


def _make(folder: Path, file: Path) -> None:
    key, certificate = _pair()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The key first: who finds the certificate finds its key.
    for path, content in ((file.with_name("key.pem"), key), (file, certificate)):
        handle, draft = tempfile.mkstemp(dir=folder)  # nobody else may read it
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        os.replace(draft, path)
    with suppress(OSError):
        file.chmod(0o600)


def _pair() -> tuple[bytes, bytes]:
    """A key and a certificate of its own for this machine's names, as PEM."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "wrangler-py, this machine only"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost"),
        ]
    )
    names: list[x509.GeneralName] = [x509.DNSName(each) for each in _NAMES]
    names += [x509.IPAddress(ipaddress.ip_address(each)) for each in _ADDRESSES]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        # It vouches for itself alone.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return secret, certificate.public_bytes(serialization.Encoding.PEM)


def _usage() -> KeyUsage:
    from cryptography.x509 import KeyUsage  # only for https

    return KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
