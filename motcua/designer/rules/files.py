"""The files of a package as a draft holds them: which names, what size, and what one hash says about them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from motcua.designer.types.drafts import FILE_NAME_PATTERN, MAX_FILE_BYTES, MAX_FILES
from motcua.kernel.messages import N_, Message

_NAME = re.compile(FILE_NAME_PATTERN)
REQUIRED = ("procedure.toml", "process.bpmn", "form.json", "result.typ")


def is_file_name(name: str) -> bool:
    """Say whether a file of this name belongs into a package."""
    return _NAME.match(name) is not None


def find_refusal(name: str, content: bytes) -> Message | None:
    """Return why the file cannot stand in a draft, or None. A draft may be wrong, but it must stay readable text."""
    if not is_file_name(name):
        return N_("Tên tệp «%(name)s» không thuộc gói thủ tục.", name=name)
    if len(content) > MAX_FILE_BYTES:
        return N_("Tệp «%(name)s» lớn hơn 2 MB. Hãy bỏ bớt hình vẽ hoặc nội dung thừa.", name=name)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return N_("Tệp «%(name)s» không phải chữ theo mã UTF-8. Hãy lưu lại tệp bằng mã UTF-8.", name=name)
    if "\x00" in text:
        return N_("Tệp «%(name)s» chứa ký tự không dùng được trong văn bản.", name=name)
    return None


def find_package_refusal(files: Mapping[str, bytes]) -> Message | None:
    """Return why these files together cannot be a draft, or None."""
    if len(files) > MAX_FILES:
        return N_("Gói có quá %(limit)s tệp.", limit=MAX_FILES)
    for name, content in sorted(files.items()):
        if refusal := find_refusal(name, content):
            return refusal
    missing = [name for name in REQUIRED if name not in files]
    if missing:
        return N_("Gói thiếu tệp: %(names)s.", names=", ".join(missing))
    return None


def hash_content(content: bytes) -> str:
    """Return the SHA-256 of one file."""
    return sha256(content).hexdigest()


def hash_files(hashes: Mapping[str, str]) -> str:
    """Return one hash of names and contents: what an approval binds.

    Shape: {"process.bpmn": "<sha256 hex>", ...}; names and hashes hold no line break, so lines cannot be mixed up.
    """
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return sha256(lines.encode()).hexdigest()
