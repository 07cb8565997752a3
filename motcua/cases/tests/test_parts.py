"""The parts that other modules put on their pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import engines
from django.utils.translation import override

from motcua.audit.public import SYSTEM
from motcua.cases.models import TimelineEntry
from motcua.cases.public import (
    describe_deadline,
    extend_deadline,
    get_case_url,
    get_task_url,
    list_tasks,
    list_timeline,
    read_channel,
    read_outcome,
    read_stage,
    read_term,
    register_kind,
)
from motcua.cases.tests.factories import Office, at, do_task, make_case, make_office, open_task
from motcua.kernel.text import fold

pytestmark = pytest.mark.django_db
LATER = at("2026-03-03 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def render(call: str, **values: Any) -> str:
    head = '{% from "cases/parts.html" import deadline_box, lateness_tag, stage_tag, case_timeline, open_steps %}'
    page = engines["jinja2"].from_string(head + "{{ " + call + " }}").render(values)
    return " ".join(str(page).split())


@pytest.mark.slow
def test_the_deadline_box(office: Office) -> None:
    case = make_case(office.agency.id)
    extend_deadline(case.id, new_due_at=at("2026-03-12 17:00"), reason="<b>Bão</b>", actor=SYSTEM, now=LATER)
    box = render("deadline_box(deadline, explain_url='/x/')", deadline=describe_deadline(case.id, now=LATER))
    assert "Hẹn trả kết quả: 17:00 ngày 12/03/2026." in box and "5 ngày làm việc" in box and 'href="/x/"' in box
    assert "&lt;b&gt;Bão" in box
    do_task(case.id, "supplement", by=office.counter, now=LATER)
    box = render("deadline_box(deadline)", deadline=describe_deadline(case.id, now=LATER))
    assert "Tạm dừng tính hạn" in box and "Đang tạm dừng tính thời hạn từ 09:00 ngày 03/03/2026." in box


def test_a_case_without_term_says_so(office: Office) -> None:
    case = make_case(office.agency.id, term_amount=None, term_unit="")
    view = describe_deadline(case.id, now=LATER)
    assert (view.headline, view.lateness) == ("Thủ tục này không quy định thời hạn giải quyết.", "none")
    assert (view.term, view.spent, view.left) == ("Không quy định thời hạn", "", "")


def test_timeline_and_holders(office: Office) -> None:
    case = make_case(office.agency.id)
    text = render("case_timeline(items)", items=list_timeline(case.id, audience="applicant"))
    assert text.index("Hồ sơ đã được ghi nhận.") < text.index("Tình trạng mới: Mới đăng ký.")
    names = {office.agency.id: office.agency.name}
    steps = render("open_steps(tasks, names)", tasks=list_tasks(case.id, only_open=True), names=names)
    assert f"Tiếp nhận – {office.agency.name}" in steps
    assert "Hiện không có bước nào" in render("open_steps((), {})")


@pytest.mark.parametrize("lateness", ["late", "today", "soon", "later", "paused", "none"])
def test_lateness_is_said_in_words(lateness: str) -> None:
    assert "han" in fold(render(f"lateness_tag('{lateness}')"))


def test_codes_have_names_and_unknown_ones_stay() -> None:
    assert (read_stage("decided"), read_channel("post"), read_outcome("withdrawn"), read_term(8, unit="work_hour")) == (
        "Đã có kết quả",
        "Bưu chính",
        "người nộp rút hồ sơ",
        "8 giờ làm việc",
    )
    assert read_stage("x") == "x"
    assert "Đã có kết quả" in render("stage_tag('Đã có kết quả', 'decided')")


def test_a_kind_tells_where_it_is_shown(office: Office) -> None:
    register_kind("test-kind", task_url_name="cases:claim", case_url_name="cases:deadline")
    case = make_case(office.agency.id, kind="test-kind")
    task = open_task(case.id)
    assert get_task_url("test-kind", task_uuid=task.uuid) == f"/viec/{task.uuid}/nhan/"
    assert get_case_url("test-kind", case_uuid=case.uuid) == f"/viec/han/{case.uuid}/"
    assert get_task_url("other", task_uuid=task.uuid) == ""


def test_the_timeline_is_stored_in_vietnamese_and_read_in_the_readers_language(office: Office) -> None:
    with override("en"):
        case = make_case(office.agency.id)
    assert TimelineEntry.objects.filter(case_id=case.id).first().text == "Hồ sơ đã được ghi nhận."  # type: ignore[union-attr]  # there is one: a missing row fails the test
    assert list_timeline(case.id, audience="applicant")[0].text == "Hồ sơ đã được ghi nhận."
