"""The national side of the demonstration: its invented databases, and dossiers that residents filed on its portal.

Half of the packages arrive while the city is built; the other half lies at the simulated portal, and the running city
fetches it over HTTP. Some hold what our forms do not know, so that a person has something to decide.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from motcua.documents.public import ensure_demo_key, scan_file, sign_bytes
from motcua.kernel.clock import HCM, to_local
from motcua.national.public import Package, PackageFile, PackageParty, receive_package, write_package
from motcua.outbox.public import drain
from motcua.procedures.public import ProcedureDetail, get_form, get_package_files
from motcua.project.demo_city import register_rows as rows
from motcua.project.demo_city.answers import make_answers
from motcua.project.demo_city.people import RESIDENTS, DemoResident
from motcua.project.demo_city.samples import read_samples
from motcua.project.demo_city.stories import Stage

SIGNER, SIGNER_NAME = "cong-quoc-gia", "Cổng Dịch vụ công quốc gia"
PACKAGES = 12
STRANGE: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {  # what some packages hold that we do not know
    3: lambda answers: answers | {"MaTheThanhVien": "TV-000123"},
    5: lambda answers: answers | {"SoNhaTheoQuyHoach": "12/3"},
}
UNKNOWN_PROCEDURE = {9: "9.999999"}


def find_folder() -> Path:
    """Return where the simulated platform keeps its data, its packages and its memory."""
    return Path(settings.VAR_DIR) / "national"


def build_national(stage: Stage, *, now: datetime) -> int:
    """Write the simulator's data and the signed packages; deliver every second one. Done twice, it is once."""
    folder = find_folder()
    (folder / "packages").mkdir(parents=True, exist_ok=True)
    records = {
        "population": list(rows.make_people()),
        "enterprise": list(rows.make_enterprises()),
        "land": list(rows.make_land()),
    }
    (folder / "data.json").write_bytes(orjson.dumps(records))
    ensure_demo_key(SIGNER, SIGNER_NAME, now=now)
    for index in range(PACKAGES):
        package = _make_package(stage, index=index)
        content = write_package(package)
        signature = sign_bytes(content, agency_code=SIGNER)
        if index % 2:
            received = receive_package(content, signature, now=now)
            for file_id in received.file_ids:
                scan_file(file_id, now=now)
            drain(now=now)
        else:
            path = folder / "packages" / f"{index:02d}.json"
            path.write_bytes(content)
            path.with_suffix(".jws").write_text(signature, "utf-8")
    return PACKAGES


def _make_package(stage: Stage, *, index: int) -> Package:
    chance = random.Random(f"national-{index}")
    who = RESIDENTS[(index * 5 + 1) % len(RESIDENTS)]
    procedure = stage.procedures[(index * 3) % len(stage.procedures)]
    filed_at = _find_moment(stage, chance)
    return Package(
        national_code=f"G22.99-{to_local(filed_at):%y%m%d}-{index + 1:04d}",
        procedure_code=UNKNOWN_PROCEDURE.get(index, procedure.code),
        filed_at=filed_at,
        applicant=_make_party(who),
        answers=STRANGE.get(index, dict)(_answer(stage, procedure, who, chance, on=filed_at)),
        files=_make_files(procedure, stage.paper),
    )


def _find_moment(stage: Stage, chance: random.Random) -> datetime:
    """Return a moment of the last two days, on the second: a portal is open at night too."""
    back = timedelta(hours=chance.randint(1, 46), minutes=chance.randint(0, 59))
    return (stage.until - back).astimezone(HCM).replace(microsecond=0)


def _answer(
    stage: Stage, procedure: ProcedureDetail, who: DemoResident, chance: random.Random, *, on: datetime
) -> dict[str, Any]:
    form, today = get_form(procedure.version_id), to_local(on).date()
    areas = tuple(agency.area_code for agency in stage.agencies.values() if agency.area_code)
    samples = read_samples(get_package_files(procedure.version_id), form, on=today)
    given = chance.choice(samples) if samples else None
    answers = make_answers(form, who=who, chance=chance, today=today, area_codes=areas, given=given)
    for key, value in list(answers.items()):
        field = form.find_field(key)
        if field is not None and field.kind == "area" and value not in areas:
            answers[key] = who.area_code
    return answers


def _make_party(who: DemoResident) -> PackageParty:
    return PackageParty(
        kind="person", name=who.full_name, identifier=who.personal_id, birth_on=who.birth_on, sex=who.sex,
        phone=who.phone, email=who.email, address=who.address, area_code=who.area_code,
    )  # fmt: skip


def _make_files(procedure: ProcedureDetail, paper: bytes) -> tuple[PackageFile, ...]:
    wanted = [item for item in get_form(procedure.version_id).fields if item.type == "filepicker" and item.required]
    return tuple(
        PackageFile(
            paper=item.key, name="giay-to.pdf", media_type="application/pdf",
            sha256=hashlib.sha256(paper).hexdigest(), content=paper,
        )
        for item in wanted
    )  # fmt: skip
