"""With English chosen, the designer's pages hold no Vietnamese of ours; the words of the draft's own package stay."""

from __future__ import annotations

from html import unescape
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from motcua.designer.tests.factories import make_draft, read_package
from motcua.dossiers.tests.factories import City, make_city
from motcua.identity.tests.factories import make_official, make_principal
from tests.architecture.test_english_pages import OWN_NAMES, list_vietnamese, speak_english

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGES = (
    "draft", "history", "files", "texts", "questions", "term", "papers", "fees", "steps", "bpmn", "form", "comments",
    "check", "golden", "diff", "preview", "preview_office", "simulation", "submit",
)  # fmt: skip
OWNER = "Lương Thị Thiết Kế"
EXAMPLES = ("“bạn”", "Luật Hộ tịch 60/2014/QH13, Điều 16", "123/QĐ-UBND")


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def list_ours(client: Client, city: City, address: str, words: str, **posted: str) -> list[str]:
    """Return the Vietnamese of a page that is neither a name in the city nor stands in the draft's package."""
    response = client.post(address, posted) if posted else client.get(address)
    assert response.status_code < 500, address
    while response.status_code in (301, 302):
        response = client.get(response.headers["Location"])
    names = [
        OWNER,
        *OWN_NAMES,
        *EXAMPLES,
        city.procedure.name,
        city.procedure.field,
        city.agency.name,
        city.agency.short_name,
    ]
    found = list_vietnamese(response.content.decode(), names)
    return [f"{address}: {text}" for text in found if not is_quoted(text, words)]


def is_quoted(text: str, words: str) -> bool:
    """Tell whether a text is the package's own: as a whole, or as what a sentence of ours quotes or is headed by."""
    quoted = text.split("“")[1].split("”")[0] if "“" in text else text
    if all(step.strip() in words for step in text.split("→")):
        return True  # the way through the drawing, in the names of its steps
    return any(
        part.strip(": ") in words for part in (text, quoted, text.partition(" – ")[2].partition(" – ")[0] or text)
    )


def read_words(files: dict[str, bytes]) -> str:
    texts = (unescape(unescape(content.decode())) for content in files.values())
    return " ".join(" ".join(texts).replace('\\"', '"').split())


def test_what_a_designer_sees(city: City) -> None:
    owner = make_official("process_owner", agency_id=city.agency.id, full_name=OWNER)
    client, files = speak_english(owner.user_id), read_package()
    words = read_words(files)
    drafts = [make_draft(make_principal(owner.user_id)), make_draft(make_principal(owner.user_id), files=spoil(files))]
    wrong: list[str] = []
    for name in ("home", "procedures", "import", "approvals"):
        wrong += list_ours(client, city, reverse(f"designer:{name}"), words)
    for name in ("procedure", "migration"):
        wrong += list_ours(client, city, reverse(f"designer:{name}", args=[city.procedure.code]), words)
    for draft in drafts:
        wrong += list_draft(client, city, draft, words)
    assert not wrong, "\n".join(sorted(set(wrong)))


def spoil(files: dict[str, bytes]) -> dict[str, bytes]:
    """Make mistakes for the checks to speak of."""
    process = files["process.bpmn"].replace(b'candidateGroups="', b'candidateGroups="x,', 1)
    facts = files["procedure.toml"].replace(b"legal_ref", b"legal_reff")
    return {**files, "process.bpmn": process, "procedure.toml": facts}


def list_draft(client: Client, city: City, draft: UUID, words: str) -> list[str]:
    wrong: list[str] = []
    for name in PAGES:
        wrong += list_ours(client, city, reverse(f"designer:{name}", args=[draft]), words)
    wrong += list_ours(client, city, reverse("designer:term", args=[draft]), words, amount="x", unit="y", revision="1")
    wrong += list_ours(client, city, reverse("designer:comment", args=[draft]), words, text="", file="procedure.toml")
    wrong += list_ours(client, city, reverse("designer:submit", args=[draft]), words, note="x")
    return wrong
