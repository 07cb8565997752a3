"""A record of the message log with its proof, in one file that anybody can check: no database, no settings, no us.

The file is JSON in one written form (keys sorted, no blanks, one newline at the end), so that any changed byte shows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from motcua.exchange.rules.log import digest_message, find_break
from motcua.exchange.rules.merkle import find_root, follow_path
from motcua.exchange.rules.timestamps import TokenInvalid, check_token
from motcua.exchange.types import Batch, LoggedMessage, ProofReport
from motcua.kernel.certificates import read_certificate
from motcua.kernel.messages import N_

FORMAT = "motcua-exchange-proof/1"
MAX_FILE = 64 * 1024 * 1024
_EC_BYTES = 32
_BATCH = ("first_seq", "last_seq", "previous", "digest", "root", "signed_at")


@dataclass(frozen=True, slots=True)
class _Signer:
    name: str
    is_trusted: bool


class _Broken(Exception):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def write_statement(batch: Batch) -> bytes:
    """Return what the platform signs of a batch: its place, the ends of its chain, and its root."""
    content = {name: getattr(batch, name) for name in _BATCH} | {"format": "motcua-exchange-batch/1"}
    content["signed_at"] = to_instant(batch.signed_at)
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def to_instant(at: datetime) -> str:
    """Return a moment in the one form that is hashed: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_jws(jws: str) -> bytes:
    """Return what the time-stamp covers: the platform's signature."""
    return hashlib.sha256(jws.encode("ascii")).digest()


def write_proof(lines: Sequence[LoggedMessage], batch: Batch, *, path: Sequence[str] | None) -> bytes:
    """Return the file. With a path there is one line; without, the lines are the whole batch."""
    content = {
        "format": FORMAT,
        "lines": [_write_line(line) for line in lines],
        "path": None if path is None else list(path),
        "batch": {name: getattr(batch, name) for name in _BATCH} | {"signed_at": to_instant(batch.signed_at)},
        "jws": batch.jws,
        "timestamp": base64.b64encode(batch.timestamp).decode() if batch.timestamp else None,
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS) + b"\n"


def check_proof(
    file: bytes, *, roots: Sequence[x509.Certificate] = (), tsa_roots: Sequence[x509.Certificate] = ()
) -> ProofReport:
    """Say what of a record's proof holds. Never raises, whatever the bytes."""
    holds: list[str] = []
    fails: list[str] = []
    lines: tuple[LoggedMessage, ...] = ()
    try:
        lines, batch, path = _read(file)
        _check_lines(lines, batch, path)
        holds.append(
            N_("Bản ghi khớp mã băm và nằm đúng chỗ trong đợt %(a)s–%(b)s.", a=batch.first_seq, b=batch.last_seq)
        )
        signer = _check_jws(write_statement(batch), batch.jws, roots, batch.signed_at)
        holds.append(N_("Chữ ký của nền tảng đúng; người ký: %(name)s.", name=signer.name))
        _weigh(signer.is_trusted, roots, N_("chứng thư ký"), holds, fails)
        if batch.timestamp is None:
            fails.append(N_("Chưa có dấu thời gian: máy dấu thời gian chưa trả lời khi xuất."))
        else:
            stamp = check_token(batch.timestamp, digest=digest_jws(batch.jws), roots=tsa_roots)
            at = to_instant(stamp.at)
            holds.append(N_("Dấu thời gian đúng: %(at)s, máy %(name)s.", at=at, name=stamp.service))
            _weigh(stamp.is_trusted, tsa_roots, N_("chứng thư của máy dấu thời gian"), holds, fails)
            return _report(lines, holds, fails, stamped_at=stamp.at)
    except _Broken as broken:
        return _report(lines, holds, [broken.sentence], is_broken=True)
    except TokenInvalid:
        return _report(lines, holds, [N_("Dấu thời gian không khớp hoặc đã bị sửa.")], is_broken=True)
    return _report(lines, holds, fails)


def _weigh(is_trusted: bool, roots: Sequence[object], what: str, holds: list[str], fails: list[str]) -> None:
    if is_trusted:
        holds.append(N_("Đã đối chiếu %(what)s với chứng thư gốc được đưa ra.", what=what))
    elif roots:
        fails.append(N_("Không đối chiếu được %(what)s với chứng thư gốc được đưa ra.", what=what))
    else:
        fails.append(N_("Chưa đối chiếu %(what)s: hãy đưa chứng thư gốc mà anh/chị tin.", what=what))


def _report(
    lines: Sequence[LoggedMessage], holds: Sequence[str], fails: Sequence[str], *, is_broken: bool = False,
    stamped_at: datetime | None = None,
) -> ProofReport:  # fmt: skip
    return ProofReport(
        is_intact=not is_broken,
        is_complete=not is_broken and not fails,
        holds=tuple(holds),
        fails=tuple(fails),
        lines=tuple(lines),
        stamped_at=stamped_at,
    )


def _read(file: bytes) -> tuple[tuple[LoggedMessage, ...], Batch, list[str] | None]:
    try:
        if len(file) > MAX_FILE:
            raise ValueError
        content = orjson.loads(file)
        if content["format"] != FORMAT or orjson.dumps(content, option=orjson.OPT_SORT_KEYS) + b"\n" != file:
            raise ValueError
        if set(content) != {"format", "lines", "path", "batch", "jws", "timestamp"} or set(content["batch"]) != set(
            _BATCH
        ):
            raise ValueError
        stamped = content["timestamp"]
        token = None if stamped is None else base64.b64decode(stamped, validate=True)
        if token is not None and (not token or base64.b64encode(token).decode() != stamped):
            raise ValueError
        parts = {**content["batch"], "signed_at": _read_instant(content["batch"]["signed_at"])}
        batch = Batch(**parts, jws=content["jws"], timestamp=token)
        lines = tuple(_read_line(line) for line in content["lines"])
        _check_types(batch, content["path"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        sentence = N_("Tệp không phải bản xuất nhật ký của nền tảng, hoặc đã bị sửa, cắt bớt.")
        raise _Broken(sentence) from error
    return lines, batch, content["path"]


def _check_types(batch: Batch, path: Any) -> None:
    texts = (batch.previous, batch.digest, batch.root, batch.jws, *(path or ()))
    is_path = path is None or isinstance(path, list)
    if not is_path or not all(isinstance(text, str) for text in texts):
        raise TypeError
    if (
        type(batch.first_seq) is not int
        or type(batch.last_seq) is not int
        or not 1 <= batch.first_seq <= batch.last_seq
    ):
        raise ValueError
    batch.jws.encode("ascii")


def _write_line(line: LoggedMessage) -> dict[str, object]:
    return {field.name: getattr(line, field.name) for field in fields(line)} | {"at": to_instant(line.at)}


def _read_line(stored: Mapping[str, Any]) -> LoggedMessage:
    line = LoggedMessage(**{**stored, "at": _read_instant(stored["at"])})
    if type(line.seq) is not int or type(line.status) is not int:
        raise TypeError
    return line


def _read_instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if to_instant(at) != text:  # one spelling only, or a changed byte would not show
        raise ValueError
    return at


def _check_lines(lines: Sequence[LoggedMessage], batch: Batch, path: Sequence[str] | None) -> None:
    size = batch.last_seq - batch.first_seq + 1
    try:
        if path is not None:
            [line] = lines
            if digest_message(line) != line.digest:
                raise _Broken(N_("Nội dung bản ghi số %(seq)s đã bị sửa.", seq=line.seq))
            root = follow_path(line.digest, path, index=line.seq - batch.first_seq, size=size)
            ends = line.digest == batch.digest or line.seq != batch.last_seq
            begins = line.previous == batch.previous or line.seq != batch.first_seq
            is_right = root == batch.root and ends and begins
        else:
            broken = find_break(lines, previous=batch.previous)
            if broken is not None:
                raise _Broken(N_("Chuỗi đứt ở bản ghi số %(seq)s: bị sửa, mất hoặc đổi chỗ.", seq=broken))
            is_right = (
                len(lines) == size
                and lines[0].seq == batch.first_seq
                and lines[-1].digest == batch.digest
                and find_root([line.digest for line in lines]) == batch.root
            )
    except (ValueError, TypeError) as error:
        raise _Broken(N_("Bản ghi không thuộc đợt đã ký.")) from error
    if not is_right:
        raise _Broken(N_("Bản ghi không thuộc đợt đã ký."))


def _check_jws(content: bytes, jws: str, roots: Sequence[x509.Certificate], at: datetime) -> _Signer:
    """Check the platform's detached JWS. Source: RFC 7515, appendix F; RFC 7518, 3.3, 3.4."""
    try:
        header, empty, signature = jws.split(".")
        head = orjson.loads(_decode(header))
        chain = [read_certificate(base64.b64decode(text, validate=True)) for text in head["x5c"][:5]]
        if empty:
            raise ValueError
        _verify_jws(chain[0], head["alg"], f"{header}.{_encode(content)}".encode(), _decode(signature))
        names = chain[0].subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    except (ValueError, KeyError, TypeError, IndexError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise _Broken(N_("Chữ ký của nền tảng không khớp: đợt này đã bị sửa.")) from error
    name = str(names[0].value) if names else chain[0].subject.rfc4514_string()
    return _Signer(name, _is_trusted(chain, roots, at))


def _verify_jws(certificate: x509.Certificate, algorithm: str, content: bytes, signature: bytes) -> None:
    key = certificate.public_key()
    if algorithm == "RS256" and isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    elif algorithm == "ES256" and isinstance(key, ec.EllipticCurvePublicKey) and len(signature) == 2 * _EC_BYTES:
        r, s = (int.from_bytes(part, "big") for part in (signature[:_EC_BYTES], signature[_EC_BYTES:]))
        key.verify(encode_dss_signature(r, s), content, ec.ECDSA(hashes.SHA256()))
    else:
        raise ValueError(algorithm)


def _is_trusted(chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime) -> bool:
    """Tell whether each certificate is signed by the next and one by a root, all valid when the batch was signed."""
    for place, each in enumerate(chain):
        if not each.not_valid_before_utc <= at <= each.not_valid_after_utc:
            return False
        if each in roots or any(_is_issued_by(each, root) for root in roots):
            return True
        if place + 1 == len(chain) or not _is_issued_by(each, chain[place + 1]):
            return False
    return False


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    raw = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    if _encode(raw) != text:
        raise ValueError(text)
    return raw
