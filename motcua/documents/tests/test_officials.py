"""A paper signed by an official's own hand and then with the agency's seal, over exactly what was shown."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from motcua.documents.public import (
    PaperSigner,
    ShownPaperChanged,
    SigningKeyMissing,
    SigningPlace,
    draw_page,
    ensure_demo_key,
    find_signing_places,
    list_page_texts,
    render_pdf,
    sign_as_official,
    verify_pdf,
)
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW

pytestmark = pytest.mark.django_db
SIGNER = PaperSigner("H29.1.cb-7", "Nguyễn Thị Ánh", AGENCY_CODE, AGENCY_NAME)
TEMPLATE = """#import "/documents/typst/motcua.typ": *
#show: paper.with(title: "Thử")
#for line in range(data.lines) [Dòng thứ #line #parbreak()]
#closing(right: signature(title: "Chủ tịch", space: 30mm, place: "official"))
"""


@pytest.fixture
def paper(tmp_path: Path) -> tuple[bytes, SigningPlace]:
    return _draw(tmp_path, lines=3)


def _draw(folder: Path, *, lines: int) -> tuple[bytes, SigningPlace]:
    (folder / "documents" / "typst").mkdir(parents=True, exist_ok=True)
    library = Path(__file__).resolve().parents[1] / "typst" / "motcua.typ"
    (folder / "documents" / "typst" / "motcua.typ").write_text(library.read_text("utf-8"), "utf-8")
    (folder / "paper.typ").write_text(TEMPLATE, "utf-8")
    data = {"lines": lines}
    (place,) = find_signing_places(folder / "paper.typ", data, root=folder)
    return render_pdf(folder / "paper.typ", data, root=folder), place


def _sign(pdf: bytes, place: SigningPlace | None, *, shown: bytes | None = None) -> bytes:
    ensure_demo_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    sha256 = hashlib.sha256(pdf if shown is None else shown).hexdigest()
    return sign_as_official(pdf, signer=SIGNER, shown_sha256=sha256, reason="Ký", place=place, now=NOW).content


@pytest.mark.slow
@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_hand_then_seal_and_both_are_good(paper: tuple[bytes, SigningPlace], settings: Settings, level: str) -> None:
    settings.MOTCUA_SIGNATURE_LEVEL = level
    signed = _sign(*paper)
    assert signed.startswith(paper[0])
    report = verify_pdf(signed, now=NOW + timedelta(days=1))
    assert report.status == "valid"
    assert [signer.name for signer in report.signers] == [SIGNER.official_name, AGENCY_NAME]


@pytest.mark.slow
def test_they_show_where_the_paper_leaves_room(paper: tuple[bytes, SigningPlace]) -> None:
    pdf, place = paper
    signed = _sign(pdf, place)
    before, after = (_colours_inside(content, place) for content in (pdf, signed))
    assert before == (0, 0)
    assert min(after) > 100  # blue of the hand, red of the seal
    assert _colours_inside(_sign(pdf, None), place) == (0, 0)


def _colours_inside(pdf: bytes, place: SigningPlace) -> tuple[int, int]:
    page = Image.open(BytesIO(draw_page(pdf, place.page, width_px=595))).convert("RGB")  # A4: one pixel a point
    left, bottom, right, top = place.box
    raw = page.crop((left, page.height - top, right, page.height - bottom)).tobytes()
    pixels = list(zip(raw[::3], raw[1::3], raw[2::3], strict=True))
    blue = sum(1 for r, g, b in pixels if b > r + 60 and b > g + 40)
    red = sum(1 for r, g, b in pixels if r > b + 60 and r > g + 60)
    return blue, red


@pytest.mark.slow
def test_the_place_follows_the_text_to_the_next_page(tmp_path: Path) -> None:
    pages = [_draw(tmp_path, lines=lines)[1].page for lines in (2, 60)]
    assert pages[0] == 0
    assert pages[1] > 0


def test_one_byte_more_than_was_shown_is_not_signed(paper: tuple[bytes, SigningPlace]) -> None:
    with pytest.raises(ShownPaperChanged):
        _sign(paper[0] + b"\n", paper[1], shown=paper[0])


def test_outside_the_demonstration_an_official_needs_a_key_of_his_own(
    paper: tuple[bytes, SigningPlace], settings: Settings
) -> None:
    settings.DEMO_MODE = False
    keyless = PaperSigner("H29.1.cb-0", "Lê Văn Cường", AGENCY_CODE, AGENCY_NAME)
    with pytest.raises(SigningKeyMissing):
        sign_as_official(
            paper[0], signer=keyless, shown_sha256=hashlib.sha256(paper[0]).hexdigest(), reason="Ký", now=NOW
        )


def test_pages_are_shown_as_pictures_and_as_text(paper: tuple[bytes, SigningPlace]) -> None:
    assert [text.splitlines()[0].strip() for text in list_page_texts(paper[0])] == ["Dòng thứ 0"]
    assert draw_page(paper[0], 0, width_px=300).startswith(b"\x89PNG")
    with pytest.raises(IndexError):
        draw_page(paper[0], 1, width_px=300)
