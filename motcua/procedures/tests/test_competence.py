"""Who is competent, with the reason; the service centre receives what has no agency of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from motcua.places.public import AgencyInfo, create_agency, ensure_city_areas, list_wards
from motcua.procedures.public import CompetenceRule, ProcedureDetail, find_competence, find_procedure
from motcua.procedures.rules.competence import derive_competence, name_matches
from motcua.procedures.tests.factories import TODAY, load_packages

SINCE = date(2025, 7, 1)


@pytest.fixture
def ward(db: None) -> str:
    ensure_city_areas()
    return list_wards(on=TODAY)[0].code


def open_agency(code: str, name: str, kind: str, level: str, area_code: str) -> AgencyInfo:
    return create_agency(
        code, name=name, short_name=name, kind=kind, level=level, area_code=area_code, valid_from=SINCE
    )


@pytest.fixture
def procedure(db: None) -> ProcedureDetail:
    load_packages()
    found = find_procedure("9.000001", on=TODAY)
    assert found is not None
    return found


def rule(version: ProcedureDetail, **changed: Any) -> ProcedureDetail:
    return replace(version, competence=replace(version.competence, **changed))


def test_the_wards_committee_is_named_with_its_reason(ward: str, procedure: ProcedureDetail) -> None:
    committee = open_agency("H29.50.01", "UBND phường Mẫu", "people_committee", "commune", ward)
    centre = open_agency("H29.50.02", "Trung tâm phục vụ hành chính công phường Mẫu", "service_centre", "commune", ward)
    found = find_competence(procedure, area_code=ward, on=TODAY)
    assert (found.agency, found.reception, found.is_certain) == (committee, centre, True)
    assert found.reason_vi == "UBND phường Mẫu, vì việc khai trình mẫu thuộc UBND cấp xã nơi cư trú."


def test_without_an_agency_the_centre_receives(ward: str, procedure: ProcedureDetail) -> None:
    centre = open_agency("H29.60", "Trung tâm phục vụ hành chính công Thành phố", "service_centre", "city", "79")
    found = find_competence(procedure, area_code=ward, on=TODAY)
    assert (found.agency, found.reception, found.is_certain) == (None, centre, False)
    assert "chưa có cơ quan giải quyết riêng" in found.reason_vi


def test_without_any_agency_people_are_told_whom_to_call(ward: str, procedure: ProcedureDetail) -> None:
    found = find_competence(procedure, area_code=ward, on=TODAY)
    assert (found.agency, found.reception) == (None, None)
    assert "1022" in found.reason_vi
    assert "chọn phường" in find_competence(procedure, area_code="", on=TODAY).reason_vi


@pytest.mark.slow
def test_a_department_is_chosen_by_its_name_only(ward: str, procedure: ProcedureDetail) -> None:
    build = open_agency("H29.01", "Sở Xây dựng", "department", "city", "79")
    version = rule(procedure, level="city", agency_kind="department", agency_name="Sở Xây dựng TP.HCM")
    assert find_competence(version, area_code=ward, on=TODAY).agency == build
    other = rule(version, agency_name="Sở Tư pháp")
    assert find_competence(other, area_code=ward, on=TODAY).agency is None


def test_the_police_receive_at_their_own_counter(ward: str, procedure: ProcedureDetail) -> None:
    open_agency("H29.60", "Trung tâm phục vụ hành chính công Thành phố", "service_centre", "city", "79")
    police = open_agency("H29.50.03", "Công an phường Mẫu", "police", "commune", ward)
    found = find_competence(rule(procedure, agency_kind="police"), area_code=ward, on=TODAY)
    assert (found.agency, found.reception) == (police, police)


def test_a_ministrys_procedure_is_received_and_passed_on(ward: str, procedure: ProcedureDetail) -> None:
    centre = open_agency("H29.60", "Trung tâm phục vụ hành chính công Thành phố", "service_centre", "city", "79")
    version = rule(procedure, level="ministry", agency_kind="other", agency_name="Cục Mẫu")
    found = find_competence(version, area_code=ward, on=TODAY)
    assert (found.agency, found.reception) == (None, centre)
    assert found.reason_vi.endswith("vì thẩm quyền giải quyết thuộc Cục Mẫu.")


def test_an_agency_fixed_by_law_wins(ward: str, procedure: ProcedureDetail) -> None:
    fixed = open_agency("H29.77", "Cơ quan cố định", "other", "city", "79")
    assert find_competence(rule(procedure, agency_code="H29.77"), area_code=ward, on=TODAY).agency == fixed


@pytest.mark.slow
def test_competence_takes_few_queries(
    ward: str, procedure: ProcedureDetail, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        find_competence(procedure, area_code=ward, on=TODAY)


@pytest.mark.parametrize(
    ("levels", "agency", "field", "level", "kind", "mark"),
    [
        (("commune",), "Ủy ban nhân dân cấp xã", "Hộ tịch", "commune", "people_committee", "sure"),
        (("commune",), "Công an cấp Xã", "Cư trú", "commune", "police", "sure"),
        (("city",), "Sở Tư pháp", "Luật sư", "city", "department", "sure"),
        (("city",), "Chủ tịch ủy ban nhân dân cấp tỉnh", "Đất đai", "city", "people_committee", "sure"),
        (("commune", "city"), "Sở Xây dựng; UBND cấp xã", "Nhà ở", "commune", "people_committee", "unsure"),
        (("ministry",), "Cục Hàng không Việt Nam", "Hàng không", "ministry", "other", "sure"),
        ((), "Thuế cơ sở", "Thuế", "commune", "tax", "unsure"),
        ((), "", "", "other", "other", "unsure"),
    ],
)
def test_competence_is_derived_from_the_source(
    levels: tuple[str, ...], agency: str, field: str, level: str, kind: str, mark: str
) -> None:
    found: CompetenceRule = derive_competence(levels, agency=agency, field=field)  # type: ignore[arg-type]  # the test's values are wider than the literal asked for
    assert (found.level, found.agency_kind, found.mark) == (level, kind, mark)


@pytest.mark.parametrize(
    ("have", "want", "same"),
    [
        ("Sở Xây dựng", "Sở Xây dựng TP.HCM", True),
        ("Sở Xây dựng Thành phố Hồ Chí Minh", "sở xây dựng", True),
        ("Sở Xây dựng", "Sở Y tế", False),
        ("Sở Y", "Sở Y tế", True),
        ("Sở Xây dựng", "", False),
    ],
)
def test_names_of_agencies_are_compared(have: str, want: str, same: bool) -> None:
    assert name_matches(have, want) is same
