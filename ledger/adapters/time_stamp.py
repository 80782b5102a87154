"""
Time stamps by RFC 3161: asked over HTTP (3.4), checked with the certificates that the reader gives.

The library ``rfc3161-client`` makes requests and checks tokens: the signature, the signer's certificate up to one of
those given, at the time that the token says, and that this certificate is for time stamping alone (2.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates

from ledger.adapters.witness_http import post
from ledger.errors import SettingsError
from ledger.ports.time_stamps import TimeStamp, TimeStampFalse, TimeStampSilent
from ledger.ports.witnesses import WitnessSilent
from ledger.records.record import microseconds

SECONDS: Final = 10.0
LARGEST: Final = 65_536
QUERY: Final = "application/timestamp-query"


class CertificateUnreadable(SettingsError):
    """The file with the authority's certificate is none."""

    code = "settings.tsa-certificate"
    path: str
    why: str
    en = "the time stamping authority's certificate {path} cannot be used: {why}"
    zh = "时间戳签发机构证书 {path} 无法使用：{why}"
    fix_en = "Give its certificate authority's certificates as PEM; ONECODE_TSA_URL needs ONECODE_TSA_CERTIFICATE"
    fix_zh = "请提供 PEM 格式的签发机构根证书；设置 ONECODE_TSA_URL 时须同时设置 ONECODE_TSA_CERTIFICATE"


def certificates(path: Path) -> list[Certificate]:
    """Those in a PEM file. Raises ``CertificateUnreadable``."""
    try:
        return load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CertificateUnreadable(path=str(path), why=str(error)) from error


def query(message: bytes) -> tuple[bytes, int | None]:
    """A request for the SHA-512 of the bytes, which asks for the certificate, and its nonce."""
    from rfc3161_client import TimestampRequestBuilder

    asked = TimestampRequestBuilder().data(message).cert_request(cert_request=True).nonce(nonce=True).build()
    return asked.as_bytes(), asked.nonce


def checked(response: bytes, message: bytes, trusted: Sequence[Certificate], nonce: int | None = None) -> datetime:
    """The time that a response gives the bytes. Raises ``TimeStampFalse``."""
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    if len(response) > LARGEST:
        raise TimeStampFalse(why=f"a response has at most {LARGEST} bytes")
    try:
        found = decode_timestamp_response(response)
        VerifierBuilder(roots=list(trusted), nonce=nonce).build().verify_message(found, message)
        time: datetime = found.tst_info.gen_time
    except (VerificationError, ValueError, OverflowError) as error:
        raise TimeStampFalse(why=str(error)) from error
    return time


def signer(response: bytes) -> str:
    """SHA-256 of the certificate in a checked response that signed it, hexadecimal; empty where it holds none."""
    from rfc3161_client import decode_timestamp_response

    data = decode_timestamp_response(response).signed_data
    names = {(one.issuer, one.serial_number) for one in data.signer_infos}
    for der in data.certificates:
        certificate = load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) in names:
            return sha256(der).hexdigest()
    return ""


@dataclass(frozen=True, slots=True)
class HttpAuthority:
    """``ports.time_stamps.TimeStampAuthority``."""

    url: str
    trusted: tuple[Certificate, ...]

    @property
    def name(self) -> str:
        """See ``TimeStampAuthority.name``."""
        return self.url

    def stamp(self, message: bytes) -> TimeStamp:
        """See ``TimeStampAuthority.stamp``."""
        body, nonce = query(message)
        try:
            status, response = post(self.url, body, {"Content-Type": QUERY}, SECONDS, LARGEST)
        except WitnessSilent as error:
            raise TimeStampSilent(url=self.url, reason=error.reason) from error
        if status != 200:
            raise TimeStampSilent(url=self.url, reason=f"HTTP {status}")
        return TimeStamp(self.url, microseconds(checked(response, message, self.trusted, nonce)), response)
