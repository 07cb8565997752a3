"""Papers already held are not asked for: from registers, the vault, earlier results; each reading noted."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM, list_reads_of
from motcua.dossiers.models import Draft, SparedPaper
from motcua.dossiers.queries.dossiers import get_folder
from motcua.dossiers.queries.drafts import get_live_draft
from motcua.dossiers.queries.solving import solve_papers
from motcua.dossiers.rules.solving import judge, solve_paper
from motcua.dossiers.tests.factories import (
    CODE,
    PACKAGES,
    City,
    captured_queries,
    make_draft,
    upload,
)
from motcua.dossiers.types import Evidence, SolvedPaper
from motcua.identity.public import PersonInfo, get_party
from motcua.identity.tests.factories import make_person, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.procedures.public import Paper, find_procedure, load_designed_procedures, parse_paper_source
from motcua.registers.public import describe_registers, write_record
from motcua.vault.public import deposit_paper

ON = date(2026, 11, 22)
SPOUSE = "079085900001"


def make_evidence(text: str, **values: Any) -> Evidence:
    return Evidence(**{"source": parse_paper_source(text), "title": "sổ “Thử”", "dated_on": ON, **values})


# --- the rule


def test_newest_evidence_that_counts_spares_and_says_where_it_stands() -> None:
    older = make_evidence("vault:receipt", dated_on=ON - timedelta(days=9), title="kho")
    newer = make_evidence("register:people/personal_id", reference={"register": "people"})
    solved = solve_paper("a", name="Giấy chứng sinh", found=[older, newer], answers={}, on=ON)
    assert (solved.state, solved.by, solved.reference) == ("held", "register", {"register": "people"})
    assert solved.says == "Không cần nộp: Giấy chứng sinh – đã có trong sổ “Thử”, ngày 22/11/2026"


@pytest.mark.parametrize(
    ("text", "values", "worth"),
    [
        ("register:a1/b?until=to_on", {"until_on": ON}, "counts"),  # the last day still counts
        ("register:a1/b?until=to_on", {"until_on": ON - timedelta(days=1)}, "expired"),
        ("result:1.1?days=180", {"dated_on": ON - timedelta(days=180)}, "counts"),
        ("result:1.1?days=180", {"dated_on": ON - timedelta(days=181)}, "expired"),
        ("vault:receipt", {"is_revoked": True}, "revoked"),
        ("register:a1/b?when=status:valid", {"data": {"status": "withdrawn"}}, "revoked"),
        ("register:a1/b?when=status:valid|extended", {"data": {"status": "extended"}}, "counts"),
        ("register:a1/b?where=name:child", {"data": {"name": "NGUYEN  hoa"}}, "counts"),
        ("register:a1/b?where=name:child", {"data": {"name": "Trần Hoa"}}, "other"),
        ("register:a1/b?where=gone:child", {}, "other"),
        ("register:a1/b?where=name:unasked", {"data": {"name": "Nguyễn Hòa"}}, "other"),
    ],
)
def test_what_evidence_is_worth(text: str, values: dict[str, Any], worth: str) -> None:
    assert judge(make_evidence(text, **values), answers={"child": "Nguyễn Hoà"}, on=ON) == worth


def test_a_paper_asked_again_says_why() -> None:
    expired = make_evidence("vault:receipt", until_on=ON - timedelta(days=2))
    assert "đã hết hạn ngày 20/11/2026" in solve_paper("a", name="Thẻ", found=[expired], answers={}, on=ON).says
    revoked = make_evidence("vault:receipt", is_revoked=True)
    assert "không còn giá trị" in solve_paper("a", name="Thẻ", found=[revoked], answers={}, on=ON).says
    down = solve_paper("a", name="Thẻ", found=[], answers={}, closed=["Đất đai"], on=ON)
    assert (down.state, "tạm ngừng" in down.says) == ("needed", True)
    assert solve_paper("a", name="Thẻ", found=[], answers={}, on=ON) == SolvedPaper(
        paper_code="a", name="Thẻ", state="needed"
    )


EVIDENCE = st.builds(
    lambda text, dated, until, revoked, status: make_evidence(
        text, dated_on=dated, until_on=until, is_revoked=revoked, data={"status": status}
    ),
    st.sampled_from(["vault:receipt", "result:1.1?days=90", "register:a1/b?when=status:valid"]),
    st.none() | st.dates(date(2025, 1, 1), ON),
    st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    st.booleans(),
    st.sampled_from(["valid", "withdrawn"]),
)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(EVIDENCE, max_size=6))
def test_nothing_that_no_longer_counts_ever_spares(found: list[Evidence]) -> None:
    solved = solve_paper("a", name="Giấy", found=found, answers={}, on=ON)
    good = [each for each in found if judge(each, answers={}, on=ON) == "counts"]
    assert solved.is_held == bool(good)
    assert solved.is_held <= any(solved.by == each.source.kind and solved.dated_on == each.dated_on for each in good)
    assert bool(solved.says) == bool(found)


# --- the sources


def solve(city: City, person: PersonInfo, *texts: str, answers: dict[str, Any] | None = None) -> SolvedPaper:
    version = replace(city.procedure, papers=(Paper(code="giay", name="Giấy thử", answered_by=texts),))
    (solved,) = solve_papers(version, party=get_party(person.ref), answers=answers or {}, actor=SYSTEM, now=clock.now())
    return solved


@pytest.fixture
def registers(db: None) -> None:
    describe_registers(now=clock.now())


def put(register: str, data: dict[str, Any], *, days_ago: int = 3) -> Any:
    now = clock.now()
    return write_record(register, data, valid_from=now - timedelta(days=days_ago), source="Thử", now=now)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_procedure_whose_papers_name_no_source_asks_nothing(city: City) -> None:
    with captured_queries() as queries:
        assert solve_papers(
            city.procedure, party=get_party(city.resident.ref), answers={}, actor=SYSTEM, now=clock.now()
        ) == ()  # fmt: skip
    assert len(queries) == 1  # the party


@pytest.mark.slow
@pytest.mark.django_db
def test_a_register_spares_a_paper_and_the_reading_is_noted(city: City, registers: None) -> None:
    mother = city.resident
    data = {
        "notice_no": "CS-1", "mother_id": mother.personal_id, "birth_on": "2026-11-01", "issued_on": "2026-11-02",
        "status": "valid",
    }  # fmt: skip
    record = put("birth_notices", data)
    text = "register:birth_notices/mother?on=issued_on&when=status:valid&where=birth_on:child_birth_on"
    solved = solve(city, mother, text, answers={"child_birth_on": "2026-11-01"})
    assert solved.says == "Không cần nộp: Giấy thử – đã có trong sổ “Giấy chứng sinh điện tử”, ngày 02/11/2026"
    assert solved.reference["record_uuid"] == str(record.uuid)
    (entry,) = list_reads_of(f"record:{record.uuid}").items
    assert entry.purpose and entry.legal_ground and entry.what == "birth_notices:issued_on,status,birth_on"
    assert solve(city, mother, text, answers={"child_birth_on": "2025-01-01"}).state == "needed"
    assert solve(city, make_person(), text, answers={"child_birth_on": "2026-11-01"}).says == ""


@pytest.mark.slow
@pytest.mark.django_db
def test_a_withdrawn_record_is_asked_again_with_the_reason(city: City, registers: None) -> None:
    data = {
        "licence_no": "790001", "personal_id": city.resident.personal_id, "full_name": "Nguyễn Thị Thử",
        "classes": ["A1"], "issued_on": "2020-01-01", "expires_on": "2024-01-01", "status": "valid",
    }  # fmt: skip
    put("driving_licences", data)
    text = "register:driving_licences/person?on=issued_on&until=expires_on&when=status:valid"
    assert "hết hạn ngày 01/01/2024" in solve(city, city.resident, text).says


@pytest.mark.slow
@pytest.mark.django_db
def test_papers_of_a_spouse_and_of_a_minor_child_only(city: City, registers: None) -> None:
    me, young, grown = city.resident.personal_id, "079220900001", "079000900001"
    put("people", {"personal_id": me, "full_name": "Nguyễn Thị Thử", "spouse_id": SPOUSE})
    put("people", {"personal_id": young, "full_name": "Bé Thử", "mother_id": me, "birth_on": "2020-02-02"})
    put("people", {"personal_id": grown, "full_name": "Lớn Thử", "mother_id": me, "birth_on": "2000-02-02"})
    for owner in (SPOUSE, young, grown):
        put("health_cards", {"card_no": f"DN4{owner}", "personal_id": owner, "full_name": "Thử", "status": "valid",
                             "from_on": "2026-01-01", "to_on": "2027-01-01"})  # fmt: skip
    assert solve(city, city.resident, "register:health_cards/person?of=spouse").is_held
    assert solve(city, city.resident, "register:health_cards/person?of=child").reference["record_uuid"]
    assert solve(city, city.resident, "register:health_cards/person").state == "needed"
    with captured_queries() as queries:
        solve(city, city.resident, "register:health_cards/person?of=child")
    looked_at = [query["sql"] for query in queries if grown in query["sql"] and "DN" in query["sql"]]
    assert not looked_at  # nothing of a grown child is read


@pytest.mark.slow
@pytest.mark.django_db
def test_the_vault_spares_until_its_paper_ends(city: City) -> None:
    now = clock.now()
    today = local_date(now)
    deposit_paper(
        owner=city.resident.ref, content=b"%PDF-1.7 x", kind="certified_copy:van_bang", title="Bằng tốt nghiệp",
        issued_on=today - timedelta(days=400), valid_to=today + timedelta(days=1), origin="certified_copy",
        origin_ref="thu-1", now=now,
    )  # fmt: skip
    solved = solve(city, city.resident, "vault:certified_copy:van_bang")
    assert (solved.by, "Bằng tốt nghiệp" in solved.says) == ("vault", True)
    assert [entry.actor.id for entry in list_reads_of(f"person:{city.resident.uuid}").items][:1] == [SYSTEM.id]
    late = solve_papers(
        replace(city.procedure, papers=(Paper(code="giay", name="G", answered_by=("vault:certified_copy:van_bang",)),)),
        party=get_party(city.resident.ref), answers={}, actor=SYSTEM, now=now + timedelta(days=9),
    )  # fmt: skip
    assert (late[0].state, "hết hạn" in late[0].says) == ("needed", True)
    assert solve(city, make_person(), "vault:certified_copy:van_bang").says == ""


@pytest.mark.slow
@pytest.mark.django_db
def test_queries_do_not_grow_with_papers_and_records(city: City, registers: None) -> None:
    me = city.resident.personal_id
    put("people", {"personal_id": me, "full_name": "Nguyễn Thị Thử", "spouse_id": SPOUSE})
    texts = (
        "register:vaccinations/person?of=spouse", "register:vaccinations/person", "vault:receipt", "result:9.000777",
        "register:vehicles/owner",
    )  # fmt: skip

    def count(papers: int) -> int:
        named = tuple(Paper(code=f"p{number}", name="G", answered_by=texts) for number in range(papers))
        version, party = replace(city.procedure, papers=named), get_party(city.resident.ref)
        with captured_queries() as queries:
            solve_papers(version, party=party, answers={}, actor=SYSTEM, now=clock.now())
        return len(queries)

    put("vaccinations", {"personal_id": me, "vaccine": "MMR", "dose_no": 1, "given_on": "2026-01-01"})
    count(1)  # descriptions of registers are read once a process
    first = count(1)
    for dose in range(2, 9):
        put("vaccinations", {"personal_id": me, "vaccine": "MMR", "dose_no": dose, "given_on": "2026-01-01"})
    assert count(12) == first <= 9


# --- the form, the filing, the desk


@pytest.fixture
def sparing_city(city: City, registers: None, tmp_path: Path) -> City:
    """The city whose procedure does not ask for its required paper when the register of health cards has one."""
    shutil.copytree(PACKAGES, tmp_path / "packages")
    path = tmp_path / "packages" / "khai-trinh-thu" / "procedure.toml"
    text = path.read_text("utf-8")
    answered = 'answered_by = ["register:health_cards/person?on=from_on&until=to_on&when=status:valid"]'
    path.write_text(text.replace('kind = "form"\n', f'kind = "form"\n{answered}\n', 1), "utf-8")
    load_designed_procedures(now=clock.now(), folder=tmp_path / "packages")
    procedure = find_procedure(CODE, on=local_date(clock.now()))
    assert procedure is not None and procedure.papers[0].answered_by
    return replace(city, procedure=procedure)


def put_card(city: City, *, to_on: date | None = None) -> None:
    to_on = to_on or local_date(clock.now()) + timedelta(days=99)
    put("health_cards", {"card_no": "DN4790000000001", "personal_id": city.resident.personal_id,
                         "full_name": "Nguyễn Thị Thử", "from_on": "2026-01-01", "to_on": to_on.isoformat(),
                         "status": "valid"})  # fmt: skip


def start_without_file(city: City) -> Any:
    draft = make_draft(city)
    Draft.objects.get(uuid=draft.uuid).files.all().delete()
    return get_live_draft(draft.uuid, now=clock.now())


def submit(client: Client, draft: Any) -> Any:
    return client.post(
        reverse("dossiers:submit", args=[draft.uuid]), {"declaration": "true", "client_key": str(draft.client_key)}
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_a_required_paper_that_is_held_is_not_asked_and_the_dossier_says_so(
    sparing_city: City, resident_client: Client
) -> None:
    put_card(sparing_city)
    draft = start_without_file(sparing_city)
    page = resident_client.get(reverse("dossiers:review", args=[draft.uuid])).content.decode()
    assert "Không cần nộp: Tờ khai có chữ ký – đã có trong sổ “Thẻ bảo hiểm y tế”, ngày 01/01/2026" in page
    assert submit(resident_client, draft).status_code == 302
    spared = SparedPaper.objects.get()
    assert (spared.code, spared.by, spared.reference["register"]) == ("to-khai", "register", "health_cards")
    client = Client()
    sign_in(client, sparing_city.counter.user_id)
    case = spared.dossier.case
    shown = client.get(reverse("dossiers:case", args=[case.uuid])).content.decode()
    assert spared.says in shown and spared.reference["record_uuid"] in shown
    own = resident_client.get(reverse("dossiers:detail", args=[spared.dossier.dossier_no])).content.decode()
    assert spared.says in own


@pytest.mark.slow
@pytest.mark.django_db
def test_a_paper_handed_in_all_the_same_is_kept_and_spares_nothing(sparing_city: City, resident_client: Client) -> None:
    put_card(sparing_city)
    draft = make_draft(sparing_city)
    assert submit(resident_client, draft).status_code == 302
    folder = get_folder(Draft.objects.get(uuid=draft.uuid).submitted_case_id or 0)
    assert (len(folder.papers), folder.spared) == (1, ())


@pytest.mark.slow
@pytest.mark.django_db
def test_an_expired_paper_is_asked_again_and_the_page_says_why(sparing_city: City, resident_client: Client) -> None:
    put_card(sparing_city, to_on=date(2026, 2, 1))
    draft = start_without_file(sparing_city)
    answer = submit(resident_client, draft)
    assert answer.status_code == 422
    assert not SparedPaper.objects.exists()
    form = Draft.objects.get(uuid=draft.uuid)
    assert "hết hạn ngày 01/02/2026" in form.spared["papers"][0]["says"]


@pytest.mark.slow
@pytest.mark.django_db
def test_the_page_says_what_is_spared_and_still_takes_the_paper(sparing_city: City, resident_client: Client) -> None:
    put_card(sparing_city)
    draft = start_without_file(sparing_city)
    pages = [page for page in _pages_with_files(sparing_city)]
    address = reverse("dossiers:page", args=[draft.uuid, pages[0]])
    shown = resident_client.get(address).content.decode()
    assert "Không cần nộp: Tờ khai có chữ ký" in shown and 'type="file"' in shown
    with captured_queries() as queries:
        resident_client.get(address)
    assert not [query for query in queries if "registers_" in query["sql"]]  # the answer stands for ten minutes
    resident_client.post(address, {"action": "upload", "to_khai": upload(), "revision": "1"})
    assert Draft.objects.get(uuid=draft.uuid).files.count() == 1


def _pages_with_files(city: City) -> list[str]:
    from motcua.procedures.public import get_form

    form = get_form(city.procedure.version_id)
    return [page.key for page in form.pages if any(item.type == "filepicker" for item in page.fields)]


@pytest.mark.slow
@pytest.mark.django_db
def test_what_was_found_out_for_one_applicant_says_nothing_of_another(
    sparing_city: City, resident_client: Client
) -> None:
    put_card(sparing_city)
    draft = start_without_file(sparing_city)
    resident_client.get(reverse("dossiers:review", args=[draft.uuid]))
    assert get_live_draft(draft.uuid, now=clock.now()).spared[0].is_held
    other = make_person()
    Draft.objects.filter(uuid=draft.uuid).update(applicant_id=other.id)
    assert get_live_draft(draft.uuid, now=clock.now()).spared == ()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"by": "rumour"}, "spared_paper_source_known"),
        ({"says": ""}, "spared_paper_proven"),
        ({"code": ""}, "spared_paper_proven"),
        ({"reference": {}}, "spared_paper_proven"),
    ],
)
def test_constraints_of_spared_papers(city: City, values: dict[str, Any], constraint: str) -> None:
    from motcua.dossiers.tests.factories import file_dossier, get_dossier

    dossier = get_dossier(file_dossier(city))
    row = {
        "dossier": dossier, "code": "a", "name": "A", "by": "vault", "says": "x", "reference": {"a": "b"},
        "solved_at": clock.now(),
    }  # fmt: skip
    SparedPaper.objects.create(**row)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SparedPaper.objects.create(**row | {"code": "b"} | values)
    with pytest.raises(IntegrityError, match="spared_paper_once"), transaction.atomic():
        SparedPaper.objects.create(**row)
