"""Everything held on a person or a firm, as JSON, as a page and as a sealed paper, in one archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
from django.template.loader import render_to_string

from motcua.dossiers.public import list_whole_dossiers
from motcua.identity.public import Party, Principal, get_person, list_consents, list_delegations_from
from motcua.kernel.clock import local_date
from motcua.portal.queries.copy_paper import draw_copy
from motcua.portal.queries.my_data import list_held
from motcua.portal.queries.my_readings import list_all_readings
from motcua.vault.public import find_papers

FORMAT = "motcua-my-data-1"


def build_copy(party: Party, *, principal: Principal, now: datetime) -> bytes:
    """Return the archive: `du-lieu.json` for machines, `doc.html` and `doc.pdf` for people; the caller asks who may.

    Raises: RenderFailed.
    """
    held = collect(party, principal=principal, now=now)
    page = render_to_string("portal/copy.html", held | {"now": now})
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("du-lieu.json", orjson.dumps(_to_plain(held), option=orjson.OPT_INDENT_2))
        archive.writestr("doc.html", page)
        archive.writestr("doc.pdf", draw_copy(held, now=now))
    return buffer.getvalue()


def collect(party: Party, *, principal: Principal, now: datetime) -> dict[str, Any]:
    """Return everything held on the party, with a fixed number of queries."""
    is_person = party.ref.kind == "person"
    return {
        "format": FORMAT,
        "made_at": now,
        "party": party,
        "account": get_person(party.ref.id) if is_person else None,
        "registers": list_held(party, actor=principal.to_actor(), now=now),
        "dossiers": [
            {"dossier": dossier, "spared_papers": spared} for dossier, spared in list_whole_dossiers(party.ref)
        ],
        "papers": find_papers(party.ref, now=now),
        "consents": list_consents(party.ref.id, at=now) if is_person else (),
        "delegations": list_delegations_from(party.ref, on=local_date(now)),
        "readings": list_all_readings(party, own_id=str(principal.user_uuid), now=now),
    }


def _to_plain(value: Any) -> Any:
    """Return values as JSON takes them; a sentence that remembers its template is its own text."""
    if is_dataclass(value) and not isinstance(value, type):
        return _to_plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _to_plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_to_plain(part) for part in value]
    if isinstance(value, str):
        return str.__str__(value) if type(value) is str else "".join(value)
    return value
