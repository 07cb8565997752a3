"""What may come after a signature and what may not: filled blanks, places of later signers, a form drawn anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pyhanko.sign import fields

from motcua.documents.tests.city import City, found_city
from motcua.documents.tests.factories import NOW, make_bare_pdf
from motcua.documents.tests.forgery import ATTACKS, G, update
from motcua.documents.tests.test_attacks import _embed

LATER = NOW + timedelta(hours=1)
FILL, NOTES, NOTHING = fields.MDPPerm.FILL_FORMS, fields.MDPPerm.ANNOTATE, fields.MDPPerm.NO_CHANGES
_BLANK = "<< /FT /Tx /T (ten) /Type /Annot /Subtype /Widget /Rect [10 10 90 30] /F 4 /P 3 0 R /DA (/Helv 0 Tf 0 g) >>"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return found_city(tmp_path_factory.mktemp("keys"))


def _key(text: str) -> Any:
    return G.NameObject(text)


def _dictionary(**entries: Any) -> Any:
    return G.DictionaryObject({_key(f"/{name}"): value for name, value in entries.items()})


def _box(*numbers: int) -> Any:
    return G.ArrayObject([G.NumberObject(number) for number in numbers])


def _make_form() -> bytes:
    """A page with one blank to fill in: object 4."""

    def add(writer: Any) -> None:
        blank = G.IndirectObject(4, 0, writer)
        del writer.root[_key("/OpenAction")]
        writer.root[_key("/AcroForm")] = writer.add_object(_dictionary(Fields=G.ArrayObject([blank])))
        writer.update_root()
        page = writer.root["/Pages"]["/Kids"][0]
        page[_key("/Annots")] = G.ArrayObject([blank])
        writer.update_container(page)

    return update(make_bare_pdf(_BLANK), add)


def _fill(writer: Any) -> None:
    blank = G.IndirectObject(4, 0, writer).get_object()
    blank[_key("/V")] = G.TextStringObject("An")
    look = G.StreamObject(
        {_key("/Type"): _key("/XObject"), _key("/Subtype"): _key("/Form"), _key("/BBox"): _box(0, 0, 80, 20)},
        stream_data=b"BT ET",
    )
    blank[_key("/AP")] = _dictionary(N=writer.add_object(look))
    writer.mark_update(G.Reference(4, 0, writer))


def _fill_and_move(writer: Any) -> None:
    _fill(writer)
    G.IndirectObject(4, 0, writer).get_object()[_key("/Rect")] = _box(0, 0, 200, 200)


def _fill_and_paint(writer: Any) -> None:
    _fill(writer)
    page = writer.root["/Pages"]["/Kids"][0]
    page[_key("/Contents")] = writer.add_object(G.StreamObject(stream_data=b"0 0 9 9 re f"))
    writer.update_container(page)


@pytest.mark.slow
@pytest.mark.parametrize("allowed", [FILL, NOTES])
def test_a_blank_that_was_left_open_may_be_filled_and_the_report_says_so(city: City, allowed: fields.MDPPerm) -> None:
    form = _embed(_make_form(), city, mdp=allowed)
    assert city.verify(form, at=LATER).status == "valid"
    filled = update(form, _fill)
    for paper in (filled, city.sign(filled, level="B-T").content, city.sign(filled, level="B-LTA").content):
        report = city.verify(paper, at=LATER)
        assert (report.status, report.integrity) == ("untrusted", "intact")
        assert "điền thêm" in report.sentences_vi[0]
    for change in (_fill_and_move, _fill_and_paint):
        assert city.verify(update(form, change), at=LATER).status == "changed"
    assert city.verify(update(filled, lambda writer: writer.add_object(G.NullObject())), at=LATER).status != "valid"
    assert city.verify(ATTACKS["note over the page"](filled), at=LATER).status == "changed"
    assert city.verify(ATTACKS["empty field over the page"](filled), at=LATER).status == "changed"


@pytest.mark.parametrize("allowed", [None, NOTHING])
def test_a_blank_that_nobody_left_open_is_not_filled(city: City, allowed: fields.MDPPerm | None) -> None:
    form = _embed(_make_form(), city, mdp=allowed)
    report = city.verify(update(form, _fill), at=LATER)
    assert (report.status, report.integrity) == ("changed", "broken")


@pytest.mark.slow
def test_a_blank_that_a_later_signer_closed_stays_closed(city: City) -> None:
    form = city.sign(_embed(_make_form(), city, mdp=FILL), level="B-B").content
    closed = _embed(form, city, mdp=None, lock=fields.FieldMDPSpec(fields.FieldMDPAction.ALL), name="L")
    assert city.verify(closed, at=LATER).status == "valid"
    assert city.verify(update(closed, _fill), at=LATER).status == "changed"
    assert city.verify(update(form, _fill), at=LATER).integrity == "intact"


@pytest.mark.slow
@pytest.mark.parametrize("names_page", [True, False])
def test_places_left_for_others_do_not_cover_what_was_signed(city: City, names_page: bool) -> None:
    """One large place, or many small ones: neither the sum nor a page that is not the one shown helps."""

    def leave(*boxes: tuple[int, int, int, int]) -> bytes:
        def add(writer: Any) -> None:
            page = writer.root["/Pages"]["/Kids"][0]
            huge = writer.add_object(_dictionary(Type=_key("/Page"), MediaBox=_box(0, 0, 9000, 9000)))
            for number, box in enumerate(boxes):
                place = _dictionary(
                    FT=_key("/Sig"), T=G.TextStringObject(f"cho{number}"), Type=_key("/Annot"),
                    Subtype=_key("/Widget"), Rect=_box(*box), F=G.NumberObject(132),
                )  # fmt: skip
                if names_page:
                    place[_key("/P")] = huge
                ref = writer.add_object(place)
                page[_key("/Annots")] = G.ArrayObject([*page.get("/Annots", []), ref])
                writer.root["/AcroForm"]["/Fields"].append(ref)
            writer.update_container(page)
            writer.update_container(writer.root["/AcroForm"]["/Fields"])

        signed = city.sign(make_bare_pdf(), level="B-B").content
        return city.sign(update(signed, add), level="B-B").content

    assert city.verify(leave((0, 0, 150, 150)), at=LATER).status != "valid"
    tiles = [(x, y, x + 50, y + 60) for x in (0, 50, 100, 150) for y in (0, 60)]
    assert city.verify(leave(*tiles), at=LATER).status != "valid"


@pytest.mark.slow
@pytest.mark.parametrize("key", ["/DR", "/DA", "/NeedAppearances"])
def test_a_form_that_is_drawn_anew_by_later_rules_is_not_confirmed(city: City, key: str) -> None:
    def change(writer: Any) -> None:
        form = writer.root["/AcroForm"]
        values = {"/DR": _dictionary(Font=_dictionary()), "/DA": G.TextStringObject("/F 9 Tf")}
        form[_key("/NeedAppearances")] = G.BooleanObject(True)
        if key in values:
            form[_key(key)] = values[key]
        writer.update_container(form)

    signed = _embed(_make_form(), city)
    assert city.verify(update(signed, change), at=LATER).status == "changed"
    countersigned = _embed(signed, city, name="L", also=change)
    assert city.verify(_embed(signed, city, name="L"), at=LATER).status == "valid"
    assert city.verify(countersigned, at=LATER).status != "valid"


def test_a_signature_that_was_taken_off_is_missed(city: City) -> None:
    stripped = ATTACKS["signature dropped"](city.sign(make_bare_pdf(), level="B-B").content)
    report = city.verify(stripped, at=LATER)
    assert (report.status, report.integrity) == ("changed", "broken")
    assert any("bị gỡ" in sentence for sentence in report.sentences_vi)
    assert city.verify(make_bare_pdf(), at=LATER).status == "unsigned"
