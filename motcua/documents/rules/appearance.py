"""How a signature looks on the page: the official's own hand, or the agency's red seal over a third of it.

Pictures are drawn into the field's appearance, inside the signed update: nobody can add or take them later unseen.
Source: Decree 30/2020/NĐ-CP, Annex I, part II, section 7.
The signature is blue and transparent; the seal is red and covers about a third of the signature on its left; on a paper
of its own it bears the name of the agency and the time.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields

from motcua.documents.types import Appearance

_SEAL_SHARE = 1 / 3
_BLUE = (20, 60, 170, 255)
_RED = (205, 20, 25, 255)
_NAME: Any = generic.pdf_name
_GENERIC: Any = generic


def to_field(look: Appearance, name: str) -> fields.SigFieldSpec:
    """Return the field of a signature that shows."""
    return fields.SigFieldSpec(
        sig_field_name=name, on_page=look.page, box=look.box, readable_field_name=look.text or None
    )


def place_seal(hand: Appearance, *, seal_png: bytes, agency_name: str, at: datetime, diameter: int = 102) -> Appearance:
    """Return the agency's seal for a page on which the official's hand already stands: true size (36 mm), on its left
    so that a third of the hand lies under it."""
    left, bottom, right, top = hand.box
    middle = (bottom + top) // 2
    covered = round((right - left) * _SEAL_SHARE)
    box_right = left + covered
    moment = at.strftime("%d-%m-%Y %H:%M:%S%z")
    return Appearance(
        kind="agency",
        picture=seal_png,
        box=(box_right - diameter, middle - diameter // 2, box_right, middle - diameter // 2 + diameter),
        page=hand.page,
        text=f"{agency_name}, {moment[:-2]}:{moment[-2:]}",
    )


def draw_appearance(writer: IncrementalPdfFileWriter, field: generic.DictionaryObject, look: Appearance) -> None:
    """Put the picture into the field's normal appearance, keeping its proportions."""
    width, height = look.box[2] - look.box[0], look.box[3] - look.box[1]
    image = Image.open(BytesIO(look.picture))
    scale = min(width / image.width, height / image.height)
    shown_w, shown_h = image.width * scale, image.height * scale
    picture = PdfImage(image, writer=writer, box=BoxConstraints(width=shown_w, height=shown_h))
    frame: Any = RawContent(
        b"q 1 0 0 1 %.2f %.2f cm %s Q" % ((width - shown_w) / 2, (height - shown_h) / 2, picture.render()),
        resources=picture.resources,
        box=BoxConstraints(width=width, height=height),
    )
    frame.set_writer(writer)
    form = writer.add_object(frame.as_form_xobject())
    field[_NAME("/AP")] = _GENERIC.DictionaryObject({_NAME("/N"): form})
    field[_NAME("/F")] = _GENERIC.NumberObject(132)  # shown, printed, not to be moved
    if look.text:
        field[_NAME("/TU")] = _GENERIC.TextStringObject(look.text)


def draw_demo_hand(name: str) -> bytes:
    """Return an invented handwriting for the demonstration: blue strokes that depend on the name only."""
    image = Image.new("RGBA", (480, 200), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name)) or 1
    points = []
    for step in range(14):
        seed = (seed * 1103515245 + 12345) % (1 << 31)
        swing = 70 if step % 2 else -70
        points.append((30 + step * 32, 100 + swing * (seed % 100) / 100))
    pen.line(points, fill=_BLUE, width=7, joint="curve")
    pen.line([(40, 165), (440, 150)], fill=_BLUE, width=4)
    return _to_png(image)


def draw_demo_seal() -> bytes:
    """Return a red seal of the demonstration: two rings and a star, no name and no national emblem."""
    image = Image.new("RGBA", (480, 480), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((8, 8, 472, 472), outline=_RED, width=12)
    pen.ellipse((96, 96, 384, 384), outline=_RED, width=5)
    star = [(240, 140), (264, 212), (340, 212), (279, 257), (302, 330), (240, 286), (178, 330), (201, 257), (140, 212)]
    pen.polygon([*star, (216, 212)], fill=_RED)
    return _to_png(image)


def _to_png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
