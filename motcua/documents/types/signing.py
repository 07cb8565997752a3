"""Signatures: keys, time-stamps, what a check says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

SignatureStatus = Literal["valid", "changed", "untrusted", "unsigned", "unreadable"]
SignatureLevel = Literal["B-B", "B-T", "B-LT", "B-LTA"]
KeyPlace = Literal["files", "token", "service", "elsewhere"]
Integrity = Literal["intact", "broken", "unknown"]
SIGNATURE_LEVELS: tuple[SignatureLevel, ...] = ("B-B", "B-T", "B-LT", "B-LTA")


@dataclass(frozen=True, slots=True)
class RenewalReport:
    """What one round of completing and renewing signatures did."""

    completed: int
    put_off: int


@dataclass(frozen=True, slots=True)
class SigningKeyInfo:
    """Who a signing key speaks for, and from when until when."""

    agency_code: str
    agency_name: str
    certificate_sha256: str
    valid_from: datetime
    valid_to: datetime
    is_revoked: bool = False
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signature found in a PDF."""

    name: str
    organisation: str
    agency_code: str
    issuer: str
    signer_name: str
    reason: str
    signed_at: datetime | None
    status: SignatureStatus
    stamped_at: datetime | None = None  # proved by a time-stamp, while signed_at is what the signer said
    level: SignatureLevel = "B-B"
    reasons_vi: tuple[str, ...] = ()
    allowed_changes: Literal["none", "forms", "notes", ""] = ""  # what a certifying signature (DocMDP) permits
    integrity: Integrity = "unknown"  # does what it covers fit the signature, whoever made it?


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The answer to "is this paper genuine?"; `status` is the worst of all its signatures."""

    status: SignatureStatus
    signers: tuple[SignerInfo, ...]
    covers_whole_file: bool
    sentences_vi: tuple[str, ...]
    archived_at: tuple[datetime, ...] = ()  # the time-stamps over the whole paper, in order

    @property
    def is_valid(self) -> bool:
        return self.status == "valid"

    @property
    def integrity(self) -> Integrity:
        """Say whether the file is as it was signed, whether or not the signers are believed."""
        if self.status == "changed":
            return "broken"
        is_known = self.status in ("valid", "untrusted") and bool(self.signers)
        return "intact" if is_known and all(one.integrity == "intact" for one in self.signers) else "unknown"


@dataclass(frozen=True, slots=True)
class RevocationData:
    """Who says that certificates stood at a moment: OCSP responses and CRLs, in DER."""

    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Whom this installation believes, and what it knows of revocation without asking anybody."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """A signed PDF, the level it reached, and what kept it from the level that was wanted."""

    content: bytes
    level: SignatureLevel
    missing: tuple[Literal["time-stamp", "revocation"], ...] = ()


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a signature shows, and its picture (PNG with transparent ground).

    Unit: points from the lower left corner of the page. Shape: `page` counts from 0, negative from the end.
    """

    kind: Literal["official", "agency"]
    picture: bytes
    box: tuple[int, int, int, int]
    page: int = -1
    text: str = ""  # what a screen reader says of the picture


@dataclass(frozen=True, slots=True)
class SigningPlace:
    """Where a drawn paper leaves room for a signature that shows.

    Unit: points from the lower left corner of the page. Shape: `page` counts from 0; `box`: left, bottom, right, top.
    """

    kind: str
    page: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class PaperSigner:
    """Who signs a paper in an agency's name: the official with a key of his own, the agency with its seal."""

    official_code: str
    official_name: str
    agency_code: str
    agency_name: str


class TimeStamper(Protocol):
    """A time-stamping authority (RFC 3161). `is_remote` ones are never asked inside a transaction."""

    is_remote: bool

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """Its certificate and chain as far as known, so that room and revocation data can be prepared."""
        ...

    def stamp(self, sha256: bytes, *, now: datetime) -> bytes:
        """Return a token over the digest. Raises: TimeStampUnavailable."""
        ...


class RevocationSource(Protocol):
    """Asks whether certificates still stand. `is_remote` ones are never asked inside a transaction."""

    is_remote: bool

    def collect(self, certificates: Iterable[bytes], *, now: datetime) -> RevocationData:
        """Return fresh answers for certificates and their issuers. Raises: RevocationUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class BytesSignature:
    """What a detached signature says. `is_trusted`: its certificate leads to a root that this installation trusts."""

    is_valid: bool
    is_trusted: bool
    signer_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlSignature:
    """What a signature inside an XML document says. `signed_at` is what the signer claims.

    Shape: `is_valid` only when it covers the whole document, as a XAdES signature must; else `fault` says why not:
    unreadable, unsigned, broken, many, part, idle (comments and the like, which no signature protects), weak, plain.
    """

    is_valid: bool
    is_trusted: bool
    signer_name: str
    signed_at: datetime | None
    fault: str = ""
    organisation: str = ""
    agency_code: str = ""
    issuer: str = ""
    doubt: Literal["", "expired", "no_chain", "usage", "revoked"] = ""  # why the signer is not trusted


class SigningKey(Protocol):
    """A private key that never leaves its keeper (a file here, a token or HSM elsewhere)."""

    @property
    def certificate_der(self) -> bytes: ...

    @property
    def chain_der(self) -> tuple[bytes, ...]: ...

    def sign_sha256(self, data: bytes) -> bytes:
        """Sign the SHA-256 of `data` (RSA PKCS#1 v1.5 or ECDSA, as the certificate says)."""
        ...


class KeyStore(Protocol):
    """Finds the key of an agency and the roots that this installation trusts."""

    def get_key(self, agency_code: str) -> SigningKey:
        """Raises: SigningKeyMissing."""
        ...

    def ensure_key(self, agency_code: str, agency_name: str, *, now: datetime, person: str = "") -> SigningKeyInfo:
        """Raises: SigningKeyMissing outside the demonstration."""
        ...

    def find_key(self, code: str) -> SigningKeyInfo | None:
        """Return what is known of a key, a revoked one too; None when there never was one."""
        ...

    def renew_key(self, code: str, agency_name: str, *, now: datetime, person: str = "") -> SigningKeyInfo:
        """Make a new key and certificate in the place of what there is. Raises: KeysKeptElsewhere."""
        ...

    def revoke_key(self, code: str, *, now: datetime) -> SigningKeyInfo:
        """Destroy the key; what it signs from `now` on does not count. Raises: KeysKeptElsewhere, SigningKeyMissing."""
        ...

    def list_trust_roots(self) -> Iterable[bytes]: ...

    def list_crls(self) -> Iterable[bytes]: ...
