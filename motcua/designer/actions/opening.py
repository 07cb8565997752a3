"""Where a draft comes from: a version's own files, or the standard one-stop process where there is no design."""

from __future__ import annotations

import json
import re
from datetime import datetime
from uuid import UUID

import tomlkit

from motcua.cases.public import get_process_xml
from motcua.designer.actions.drafts import create_draft
from motcua.designer.types.drafts import ProcedureNotDesignable
from motcua.identity.public import Principal
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.kernel.text import slugify
from motcua.procedures.public import (
    ProcedureDetail,
    find_procedure,
    get_package_files,
    get_procedure_version,
    get_result_template,
)
from motcua.process.public import PaperSpec, make_generic_form


def open_draft(principal: Principal, *, procedure_code: str, now: datetime) -> UUID:
    """Open a draft of the procedure from the version in force. Raises: ProcedureNotDesignable, NotYourRole."""
    detail = find_procedure(procedure_code, on=local_date(now))
    if detail is None:
        raise ProcedureNotDesignable
    return open_draft_from_version(principal, version_id=detail.version_id, now=now)


def open_draft_from_version(principal: Principal, *, version_id: int, now: datetime) -> UUID:
    """Open a draft from any version: its own files, or the standard package when it has none.

    Raises: ProcedureNotDesignable when the version cannot be filed at all; NotYourRole.
    """
    detail = get_procedure_version(version_id)
    files = get_package_files(version_id)
    is_current = detail.valid_to is None
    note = N_("phiên bản %(number)s", number=detail.version_no)
    if files:
        return create_draft(
            principal,
            files=files,
            slug=detail.process_key,
            procedure_code=detail.code,
            title=detail.name,
            origin="in_force" if is_current else "old_version",
            origin_note=note,
            base_version_id=version_id,
            now=now,
        )
    if detail.process_version_id is None:
        raise ProcedureNotDesignable
    slug = f"tt-{slugify(detail.code)}"
    return create_draft(
        principal,
        files=make_standard_package(detail, slug=slug),
        slug=slug,
        procedure_code=detail.code,
        title=detail.name,
        origin="standard",
        origin_note=note,
        base_version_id=version_id,
        now=now,
    )


def make_standard_package(detail: ProcedureDetail, *, slug: str) -> dict[str, bytes]:
    """Return a package for a procedure that has no design: what the catalogue says of it, and the one-stop process."""
    assert detail.process_version_id is not None  # asked by the caller
    papers = [PaperSpec(code=p.code, name=p.name, required=p.required, description=p.condition) for p in detail.papers]
    form = make_generic_form(detail.name, papers, form_id=slug)
    return {
        "procedure.toml": tomlkit.dumps(_describe(detail)).encode(),
        "process.bpmn": _rename_process(get_process_xml(detail.process_version_id), detail.process_key, slug=slug),
        "form.json": (json.dumps(form, ensure_ascii=False, indent=2) + "\n").encode(),
        "result.typ": get_result_template(detail.version_id).text.encode(),
    }


def _rename_process(xml: str, key: str, *, slug: str) -> bytes:
    """Give the process its own id: the definition and the pool that refers to it."""
    return re.sub(rf'\b(id|processRef)="{re.escape(key)}"', rf'\1="{slug}"', xml).encode()


def _describe(detail: ProcedureDetail) -> tomlkit.TOMLDocument:
    """Write procedure.toml from the catalogue. What the source did not state stays out or keeps its doubt."""
    document = tomlkit.document()
    document.add(tomlkit.comment(f"Từ danh mục quốc gia, mã {detail.code}. Hãy rà từng dòng trước khi ban hành."))
    document.add(tomlkit.nl())
    plain: dict[str, object] = {
        "code": detail.code,
        "name": detail.name,
        "aliases": list(detail.aliases),
        "life_events": [event.code for event in detail.life_events],
        "field": detail.field or "Chưa phân lĩnh vực",
        "decision_no": detail.decision_no,
        "subjects": list(detail.subjects),
        "audiences": list(detail.audiences),
        "executing_agency": detail.executing_agency,
        "online_level": detail.online_level,
        "channels": list(detail.channels),
        "steps": detail.steps.split("\n") if detail.steps else [],
        "requirements": detail.requirements.split("\n") if detail.requirements else [],
        "results": list(detail.result_names),
        "mark": detail.mark,
    }
    for key, value in plain.items():
        document.add(key, _item(value))
    document.add(
        "competence",
        _table(detail.competence, "level agency_kind area_from agency_code agency_name basis legal_ref mark"),
    )
    document.add("term", _table(detail.term, "amount unit clock_rule text legal_ref mark"))
    lists = {
        "papers": (detail.papers, "code name kind originals copies required condition template_name reusable mark"),
        "fees": (detail.fees, "label channel applicant_kind amount_vnd per legal_ref text mark"),
        "legal_bases": (detail.legal_bases, "title number"),
    }
    for key, (rows, names) in lists.items():
        if rows:
            array = tomlkit.aot()
            for row in rows:
                array.append(_table(row, names))
            document.add(key, array)
    return document


def _table(source: object, names: str) -> tomlkit.items.Table:
    table = tomlkit.table()
    for name in names.split():
        value = getattr(source, name)
        if value not in (None, ""):
            table.add(name, _item(value))
    return table


def _item(value: object) -> tomlkit.items.Item:
    item = tomlkit.item(value)
    if isinstance(item, tomlkit.items.Array):
        item.multiline(len(item) > 1)
    return item
