"""With English chosen, pages and refusals hold no Vietnamese sentence of ours; data of procedures and people stay."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import reduce
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from motcua.cases.public import list_tasks
from motcua.dossiers.tests.factories import PACKAGES, City, file_dossier, get_dossier, make_city, make_draft, open_task
from motcua.identity.tests.factories import make_official, sign_in
from motcua.kernel import clock
from motcua.places.public import list_wards
from motcua.ui.tests.test_foreign import Languages

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I)
HIDDEN = re.compile(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->", re.S)
SPOKEN = re.compile(r'(?:aria-label|placeholder|title|alt|content|data-[a-z-]+)="([^"]*)"')
HOLIDAYS = Path(__file__).resolve().parents[2] / "motcua/kernel/data/calendar.toml"
OWN_NAMES = ("Tiếng Việt", "Một Cửa", "một cửa", "QĐ-TTg", "NĐ-CP", "Thành phố Hồ Chí Minh", "Bến Thành")
EXAMPLES = ("Phường Bến Nghé", "the word Phường or Xã", "khai sinh, kết hôn, hộ kinh doanh", "hộ khẩu, thường trú")
SPOKEN_ANYWAY = (*OWN_NAMES, *EXAMPLES)  # names of the house and the examples of our own sentences


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def speak_english(user_id: int | None = None, **options: Any) -> Client:
    client = Client()
    if user_id is not None:
        sign_in(client, user_id, **options)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def list_data(city: City) -> list[str]:
    """Return what stands on the pages as data: the procedure's own words, names of people, places and offices."""
    texts = [
        found
        for path in [*Path(PACKAGES).rglob("*"), HOLIDAYS]
        if path.suffix in (".toml", ".json", ".bpmn", ".typ")
        for found in re.findall(r'"((?:[^"\\\n]|\\.)*)"', path.read_text("utf-8"))
    ]
    texts += re.findall(r'(?:basis|name|text) = "([^"]*)"', " ".join(texts))
    texts += [ward.name for ward in list_wards(on=clock.local_date(clock.now()))]
    people = (city.counter, city.specialist, city.leader, city.resident)
    texts += [city.agency.name, city.agency.short_name, city.procedure.name, *(person.full_name for person in people)]
    texts += [
        *OWN_NAMES,
        *EXAMPLES,
        "Bước 1: nộp.",
        "Bước 2: nhận.",
        "1 Lê Lợi",
        "2 Lê Lợi",
        "Nguyễn Thị Thử",
        "Trần Văn Cán",
        "Xin xác nhận để bổ túc hồ sơ",
    ]
    texts += [text.rstrip("?") for text in texts]
    flat = {" ".join(unescape(text).split()) for text in texts}
    return sorted((text for text in flat if VIETNAMESE.search(text)), key=len, reverse=True)


def list_vietnamese(html: str, data: list[str]) -> list[str]:
    """Return the texts of a page that are Vietnamese once data is taken out."""
    seen = HIDDEN.sub(" ", html)
    texts = re.sub(r"<[^>]+>", "\n", seen).split("\n") + SPOKEN.findall(seen)
    found = []
    for text in texts:
        left = " ".join(unescape(text).split())
        if VIETNAMESE.search(left):
            for known in data:
                left = left.replace(known, "") if len(known) > 5 or left == known else left
            if VIETNAMESE.search(left):
                found.append(left)
    return sorted(set(found))


def check(client: Client, city: City, address: str, **posted: Any) -> list[str]:
    response = client.post(address, posted) if posted else client.get(address)
    assert response.status_code != 500
    while response.status_code in (301, 302):
        response = client.get(response.headers["Location"])
    page = response.content.decode()
    left = list_vietnamese(page, list_data(city))
    # Source: WCAG 2.2, 3.1.2 (AA): a screen reader is told where Vietnamese begins and ends.
    mute = [
        text
        for text, language in Languages(page).found.items()
        if language != "vi" and VIETNAMESE.search(reduce(lambda rest, own: rest.replace(own, ""), SPOKEN_ANYWAY, text))
    ]
    return [f"{address}: {text}" for text in left] + [f'{address}: no lang="vi" on {text}' for text in mute]


def test_what_anybody_sees(city: City) -> None:
    client = speak_english()
    code = city.procedure.code
    wrong: list[str] = []
    for address in (
        "/",
        "/thu-tuc/",
        "/thu-tuc/?q=xac nhan",
        "/thu-tuc/?q=zzzzqq",
        f"/thu-tuc/{code}/",
        f"/thu-tuc/{code}/?phuong=26743",
        f"/thu-tuc/{code}/?phuong=khong co",
        "/thu-tuc/0.000000/",
        f"/ho-so/bat-dau/{code}/",
        "/tra-cuu/",
        "/tra-cuu/?ma=H29",
        "/tra-cuu/?ma=H29.999-260302-0001",
        "/xac-minh/",
        "/xac-minh/K7M2-9PXT-4QAB-CDEF/",
        "/kha-nang-tiep-can/",
        "/du-lieu-ca-nhan/",
        "/dang-nhap/",
        "/dang-nhap/can-bo/",
        "/khong-co-trang-nay/",
        "/ho-so/tiep-tuc/",
    ):
        wrong += check(client, city, address)
    wrong += check(client, city, "/xac-minh/", tep="x")
    wrong += check(client, city, "/ho-so/tiep-tuc/", ma="sai")
    wrong += check(client, city, "/dang-nhap/can-bo/", login="", password="")
    assert not wrong, "\n".join(wrong)


def test_what_a_resident_sees_from_draft_to_dossier(city: City) -> None:
    client = speak_english(city.resident.user_id)
    draft = make_draft(city)
    wrong = check(client, city, reverse("dossiers:draft", args=[draft.uuid]))
    wrong += check(client, city, reverse("dossiers:applicant", args=[draft.uuid]))
    for key in ("nguoi-yeu-cau", *[page.key for page in get_pages(city)]):
        address = reverse("dossiers:page", args=[draft.uuid, key])
        wrong += check(client, city, address)
        wrong += check(
            client, city, address, action="continue", revision="0", full_name="", birth_on="x", has_child="yes"
        )
    wrong += check(client, city, reverse("dossiers:review", args=[draft.uuid]))
    filed = file_dossier(city)
    dossier_no = get_dossier(filed).dossier_no
    for name in ("filed", "detail", "withdraw"):
        wrong += check(client, city, reverse(f"dossiers:{name}", args=[dossier_no]))
    wrong += check(client, city, reverse("dossiers:supplement", args=[dossier_no]))
    wrong += check(client, city, reverse("dossiers:withdraw", args=[dossier_no]), reason="")
    wrong += check(client, city, "/cua-toi/")
    wrong += check(client, city, f"/tra-cuu/?ma={dossier_no}")
    wrong += check(client, city, reverse("dossiers:detail", args=["H29.1-260101-0001"]))
    wrong += check(client, city, "/viec/")
    assert not wrong, "\n".join(wrong)


def get_pages(city: City) -> tuple[Any, ...]:
    from motcua.procedures.public import get_form

    return tuple(get_form(city.procedure.version_id).pages)


def test_what_officials_see(city: City) -> None:
    filed = file_dossier(city, now=clock.now() - timedelta(days=60))
    task = open_task(filed.case_id, "dossiers.receive")
    case_uuid = next(iter(list_tasks(filed.case_id))).case_uuid
    counter, leader = speak_english(city.counter.user_id), speak_english(city.leader.user_id, stepped_up=True)
    address = reverse("dossiers:task", args=[task.uuid])
    wrong = check(counter, city, "/viec/") + check(counter, city, address)
    wrong += check(counter, city, reverse("dossiers:case", args=[case_uuid]))
    wrong += check(counter, city, reverse("cases:deadline", args=[case_uuid]))
    act = reverse("dossiers:task_act", args=[task.uuid, "supplement"])
    wrong += check(counter, city, act, revision=str(task.revision), reason="")
    wrong += check(counter, city, act, revision="99", reason="x", fields="full_name")
    wrong += check(counter, city, reverse("dossiers:task_act", args=[task.uuid, "refuse"]), revision="1", reason="")
    wrong += check(counter, city, reverse("dossiers:counter_file"))
    wrong += check(counter, city, reverse("dossiers:counter_file"), ma="x", identifier="12", kind="person")
    wrong += check(counter, city, reverse("dossiers:register"))
    wrong += check(leader, city, "/tong-quan/") + check(leader, city, "/tong-quan/qua-han/")
    wrong += check(leader, city, reverse("dossiers:apology", args=[case_uuid]))
    wrong += check(leader, city, reverse("dossiers:apology", args=[case_uuid]), reason="", new_due="x")
    wrong += check(leader, city, reverse("identity:change_password"))
    assert not wrong, "\n".join(wrong)


def test_what_operators_see(city: City) -> None:
    client = speak_english(make_official("operator", agency_id=city.agency.id).user_id)
    wrong: list[str] = []
    for name in ("home", "readiness", "offices", "dead_letters", "incidents"):
        wrong += check(client, city, reverse(f"operations:{name}"))
    wrong += check(client, city, reverse("operations:office", args=[city.agency.uuid]))
    wrong += check(
        client, city, reverse("operations:offices"), code="x", name="A", kind="tax", level="city", area_code="79"
    )
    wrong += check(client, city, reverse("operations:retry", args=[1]), x="1")
    assert not wrong, "\n".join(wrong)
