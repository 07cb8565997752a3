"""A package as one signed file: a zip that is the same for the same files, a manifest of hashes, a detached signature.

Reading trusts nothing: names, sizes and hashes are checked before a byte is used.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from motcua.designer.rules.files import find_package_refusal, is_file_name
from motcua.designer.types.drafts import MAX_FILE_BYTES, MAX_FILES, BundleRefused
from motcua.kernel.messages import N_

MANIFEST = "manifest.json"
SIGNATURE = "manifest.jws"
FORMAT = "motcua-process-package/1"
MAX_BUNDLE_BYTES = 8_000_000
MAX_UNPACKED_BYTES = 12_000_000
_MOMENT = (1980, 1, 1, 0, 0, 0)  # a zip's own zero, so that the same files give the same bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a file brought: the package, the manifest's exact bytes, the signature over them (empty: unsigned)."""

    slug: str
    procedure_code: str
    title: str
    files: Mapping[str, bytes]
    manifest: bytes
    signature: str


def make_manifest(files: Mapping[str, bytes], *, slug: str, procedure_code: str, title: str) -> bytes:
    """Return the manifest that is signed: what it is and the SHA-256 of each file."""
    content = {
        "format": FORMAT,
        "slug": slug,
        "procedure_code": procedure_code,
        "title": title,
        "files": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def write_bundle(files: Mapping[str, bytes], *, manifest: bytes, signature: str) -> bytes:
    """Return the zip: manifest, signature, files by name; deterministic."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        parts = {MANIFEST: manifest, SIGNATURE: signature.encode(), **dict(sorted(files.items()))}
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, date_time=_MOMENT)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content, compresslevel=9)
    return out.getvalue()


def read_bundle(content: bytes) -> Bundle:
    """Read a bundle and check names, sizes and hashes. Raises: BundleRefused with what is wrong."""
    if len(content) > MAX_BUNDLE_BYTES:
        raise BundleRefused(N_("Gói lớn hơn 8 MB nên không nhận. Hãy bỏ bớt tệp thừa."))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _unpack(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BundleRefused(N_("Tệp này không phải gói zip đọc được. Hãy tải lại gói từ nơi gửi.")) from error
    if MANIFEST not in parts:
        raise BundleRefused(N_("Gói thiếu tệp manifest.json, nên không biết gói gồm những gì."))
    manifest, signature = parts.pop(MANIFEST), parts.pop(SIGNATURE, b"")
    facts = _read_manifest(manifest)
    _compare(parts, facts["files"])
    if refusal := find_package_refusal(parts):
        raise BundleRefused(refusal)
    return Bundle(
        slug=str(facts["slug"]),
        procedure_code=str(facts["procedure_code"])[:32],
        title=str(facts["title"])[:1000],
        files=parts,
        manifest=manifest,
        signature=signature.decode("ascii", "replace"),
    )


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MAX_FILES + 2 or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise BundleRefused(N_("Gói nở ra quá lớn hoặc có quá nhiều tệp nên không nhận."))
    parts: dict[str, bytes] = {}
    for info in infos:
        name = info.filename
        if name not in (MANIFEST, SIGNATURE) and not is_file_name(name):
            raise BundleRefused(N_("Gói có tệp lạ «%(name)s» nên không nhận.", name=name[:100]))
        if name in parts:
            raise BundleRefused(N_("Gói có hai tệp cùng tên «%(name)s» nên không nhận.", name=name))
        with archive.open(info) as source:  # what the zip says of its sizes is not believed
            parts[name] = source.read(MAX_FILE_BYTES + 1)
        if len(parts[name]) > MAX_FILE_BYTES:
            raise BundleRefused(N_("Tệp «%(name)s» trong gói lớn hơn 2 MB nên không nhận.", name=name))
    return parts


def _read_manifest(manifest: bytes) -> dict[str, object]:
    try:
        facts = json.loads(manifest)
    except (ValueError, RecursionError) as error:
        raise BundleRefused(N_("Không đọc được manifest.json của gói.")) from error
    keys = ("slug", "procedure_code", "title", "files")
    if not isinstance(facts, dict) or facts.get("format") != FORMAT or any(key not in facts for key in keys):
        raise BundleRefused(N_("manifest.json không phải của gói quy trình Một Cửa."))
    return facts


def _compare(parts: Mapping[str, bytes], hashes: object) -> None:
    """Refuse a bundle whose files are not exactly those of its manifest."""
    if not isinstance(hashes, dict):
        raise BundleRefused(N_("manifest.json không phải của gói quy trình Một Cửa."))
    for name in sorted({*parts, *map(str, hashes)}):
        if name not in parts or hashes.get(name) != sha256(parts[name]).hexdigest():
            raise BundleRefused(
                N_(
                    "Gói đã bị sửa: tệp «%(name)s» không đúng với bản kê có chữ ký. Không nhận gói này.",
                    name=name[:100],
                )
            )
