"""PDF from a typst template and plain data: the same input gives the same bytes, on any machine."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from motcua.documents.types import RenderFailed, SigningPlace

PACKAGE = Path(__file__).resolve().parents[2]  # motcua/: templates of every module import /documents/typst/motcua.typ
_Standard = Literal["a-2a", "ua-1"]
_STANDARDS: tuple[_Standard, ...] = ("a-2a", "ua-1")  # archival and accessible: tagged, fonts embedded
_UNDATED = datetime(2025, 7, 1, tzinfo=UTC)


def render_pdf(template_path: Path, data: Mapping[str, object], *, root: Path | None = None) -> bytes:
    """Return the PDF of a template under `root` (default: the motcua package), which reads its data as `data`.

    Shape: `data` is JSON-safe; every string reaches the page as text, never as markup. `data["on"]` (ISO date or
    moment) is the date in the file's properties; without it a fixed one, because no clock is read here.
    A text that the built-in fonts cannot draw (Chinese, emoji) gives up the archival standard, not the paper.
    Raises: RenderFailed.
    """
    inputs = _inputs(data)
    try:
        return _compile(template_path, inputs, root or PACKAGE, _STANDARDS, _find_date(data))
    except RuntimeError as error:  # typst.TypstError, or a template that is not there
        if "could not be displayed" not in str(error) and "private use area" not in str(error):
            raise RenderFailed(str(error)) from error
    try:
        return _compile(template_path, inputs, root or PACKAGE, (), _find_date(data))
    except RuntimeError as error:  # typst.TypstError, or a template that is not there
        raise RenderFailed(str(error)) from error


def find_signing_places(
    template_path: Path, data: Mapping[str, object], *, root: Path | None = None
) -> tuple[SigningPlace, ...]:
    """Return where the paper of this template and data leaves room for signatures that show, in reading order.

    Raises: RenderFailed.
    """
    try:
        answer = typst.query(
            template_path, "<signing-place>", root=root or PACKAGE, font_paths=_load_fonts(),
            ignore_system_fonts=True, sys_inputs=_inputs(data),
        )  # fmt: skip
    except RuntimeError as error:
        raise RenderFailed(str(error)) from error
    return tuple(_read_place(found["value"]) for found in json.loads(answer))


def _read_place(value: Mapping[str, Any]) -> SigningPlace:
    bottom = value["page-height"] - value["top"] - value["height"]
    corners = (value["left"], bottom, value["left"] + value["width"], bottom + value["height"])
    left, low, right, high = (round(corner) for corner in corners)
    return SigningPlace(kind=value["kind"], page=value["page"] - 1, box=(left, low, right, high))


def make_qr_svg(text: str) -> str:
    """Return a QR code as SVG (error correction M, quiet zone included), for pages and for typst's `image`."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()


def clean_data(value: object) -> object:
    """Return the data in NFC without characters that no page can show (controls, surrogates, bidi tricks)."""
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, Mapping):
        return {str(key): clean_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_data(item) for item in value]
    return value


def _clean_text(text: str) -> str:
    whole = text.encode("utf-8", "ignore").decode()
    return "".join(
        char for char in unicodedata.normalize("NFC", whole) if char in "\n\t" or unicodedata.category(char)[0] != "C"
    ).replace("\t", " ")


def _find_date(data: Mapping[str, object]) -> datetime:
    try:
        return datetime.fromisoformat(str(data.get("on", ""))).replace(tzinfo=UTC)
    except ValueError:
        return _UNDATED


@cache
def _load_fonts() -> typst.Fonts:
    """Only the fonts inside the typst package: what the machine has installed must not change a paper."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _inputs(data: Mapping[str, object]) -> dict[str, Any]:
    try:
        return {"data": json.dumps(clean_data(data), ensure_ascii=False)}
    except (TypeError, ValueError, RecursionError) as error:
        raise RenderFailed(str(error)) from error


def _compile(
    template_path: Path, inputs: dict[str, Any], root: Path, standards: tuple[_Standard, ...], dated: datetime
) -> bytes:
    compiler = typst.Compiler(root=root, font_paths=_load_fonts(), ignore_system_fonts=True)
    content = compiler.compile(
        template_path,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=list(standards),
        pdf_tags=True,
        timestamp=dated,
    )
    if not isinstance(content, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return content
