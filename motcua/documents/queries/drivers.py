"""Which outside system stands behind each interface: read from the settings, built once.

Drivers are named by dotted path, so that neither reads nor actions import an adapter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from motcua.documents.types import (
    SIGNATURE_LEVELS,
    BlobStore,
    KeyStore,
    RevocationSource,
    Scanner,
    SignatureLevel,
    TimeStamper,
)

_ADAPTERS = "motcua.documents.adapters"
_SCANNERS = {
    "fake": f"{_ADAPTERS}.fake.EicarScanner",
    "down": f"{_ADAPTERS}.fake.DownScanner",
    "clamd": f"{_ADAPTERS}.clamd.ClamdScanner",
}


def _read_setting(name: str, default: object = "") -> Any:
    return getattr(settings, name, default)


def get_blob_store() -> BlobStore:
    """Return the store that MOTCUA_BLOB_STORE names: `folder` (default, in VAR_DIR/files) or `s3`."""
    kind = str(_read_setting("MOTCUA_BLOB_STORE", "folder"))
    if kind == "folder":
        return _build_folder_store(Path(settings.VAR_DIR) / "files")
    if kind == "s3":
        return _build_s3_store(
            str(_read_setting("MOTCUA_S3_ENDPOINT")),
            str(_read_setting("MOTCUA_S3_BUCKET")),
            str(_read_setting("MOTCUA_S3_ACCESS_KEY")),
            str(_read_setting("MOTCUA_S3_SECRET_KEY")),
            str(_read_setting("MOTCUA_S3_REGION", "us-east-1")),
            str(_read_setting("MOTCUA_S3_PREFIX")),
        )
    return cast(BlobStore, import_string(kind)())


@cache
def _build_folder_store(folder: Path) -> BlobStore:
    return cast(BlobStore, import_string(f"{_ADAPTERS}.folder.FolderBlobStore")(folder))


@cache
def _build_s3_store(
    endpoint: str, bucket: str, access_key: str, secret_key: str, region: str, prefix: str
) -> BlobStore:
    account = import_string(f"{_ADAPTERS}.s3.S3Account")(endpoint, bucket, access_key, secret_key, region, prefix)
    return cast(BlobStore, import_string(f"{_ADAPTERS}.s3.S3BlobStore")(account))


def get_scanner() -> Scanner:
    """Return the scanner that MOTCUA_SCANNER names: `clamd`, `fake` (default of the demonstration) or a dotted path."""
    default = "fake" if _read_setting("DEMO_MODE", default=False) else "clamd"
    kind = str(_read_setting("MOTCUA_SCANNER") or default)
    build = import_string(_SCANNERS.get(kind, kind))
    if kind == "clamd":
        address = str(_read_setting("MOTCUA_CLAMD_ADDRESS", "unix:///run/clamav/clamd.ctl"))
        return cast(Scanner, build(address))
    return cast(Scanner, build())


def get_key_store() -> KeyStore:
    """Return the keeper of keys that MOTCUA_KEY_STORE names: `software` (default, VAR_DIR/keys) or a dotted path.

    Extra roots to trust are PEM or DER certificates in the folder MOTCUA_TRUST_ROOTS.
    """
    kind = str(_read_setting("MOTCUA_KEY_STORE", "software"))
    if kind != "software":
        return cast(KeyStore, import_string(kind)())
    roots = str(_read_setting("MOTCUA_TRUST_ROOTS"))
    demo = bool(_read_setting("DEMO_MODE", default=False))
    services = str(_read_setting("MOTCUA_DEMO_PKI_URL"))
    return _build_software_keys(
        Path(settings.VAR_DIR) / "keys", Path(roots) if roots else None, trust_own_root=demo, services_url=services
    )


@cache
def _build_software_keys(folder: Path, roots: Path | None, *, trust_own_root: bool, services_url: str) -> KeyStore:
    build = import_string(f"{_ADAPTERS}.software_keys.SoftwareKeyStore")
    return cast(KeyStore, build(folder, roots, trust_own_root=trust_own_root, services_url=services_url))


def get_signature_level() -> SignatureLevel:
    """Return the level that signatures shall reach: MOTCUA_SIGNATURE_LEVEL, B-B to B-LTA."""
    wanted = str(_read_setting("MOTCUA_SIGNATURE_LEVEL", "B-B"))
    return next(level for level in SIGNATURE_LEVELS if level == wanted)


def get_signature_picture(code: str, draw_demo: Callable[[], bytes]) -> bytes | None:
    """Return the picture (PNG) of an official's hand or an agency's seal: `<code>.png` in MOTCUA_SIGNATURE_PICTURES.

    The demonstration draws what is not there; elsewhere a signature without a picture does not show.
    """
    folder = str(_read_setting("MOTCUA_SIGNATURE_PICTURES"))
    path = Path(folder) / f"{code}.png"
    if folder and path.is_file():
        return path.read_bytes()
    return draw_demo() if _read_setting("DEMO_MODE", default=False) else None


def get_time_stamper() -> TimeStamper | None:
    """Return the service at MOTCUA_TSA_URL, in the demonstration else its own in process; None when there is none."""
    url = str(_read_setting("MOTCUA_TSA_URL"))
    return _build_http_stamper(url) if url else cast(TimeStamper | None, _get_own_authority())


def get_revocation_source() -> RevocationSource | None:
    """Return who is asked whether certificates stand: the demonstration's own in process, else what they name."""
    own = _get_own_authority()
    if own is not None and not str(_read_setting("MOTCUA_TSA_URL")):
        return cast(RevocationSource, own)
    return _build_http_revocation()


def _get_own_authority() -> object | None:
    store = get_key_store()
    is_own = bool(_read_setting("DEMO_MODE", default=False))
    return getattr(store, "authority", None) if is_own else None


@cache
def _build_http_stamper(url: str) -> TimeStamper:
    return cast(TimeStamper, import_string(f"{_ADAPTERS}.http_trust.HttpTimeStamper")(url))


@cache
def _build_http_revocation() -> RevocationSource:
    return cast(RevocationSource, import_string(f"{_ADAPTERS}.http_trust.HttpRevocationSource")())
