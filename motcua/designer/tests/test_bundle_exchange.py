"""A package leaves one office and arrives at another whole, signed and believed; anything else is refused with why."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from motcua.designer.actions.bundles import export_draft, import_bundle
from motcua.designer.models import Draft
from motcua.designer.queries.drafts import get_draft, read_files
from motcua.designer.rules.bundle import MANIFEST, MAX_BUNDLE_BYTES, SIGNATURE
from motcua.designer.tests.factories import NOW, make_approver, make_draft, make_owner, open_agency
from motcua.designer.types.drafts import BundleRefused, NotYourRole
from motcua.documents.public import SigningKeyMissing, ensure_demo_key
from motcua.documents.tests.factories import make_stranger_key, sign_as
from motcua.identity.public import Principal
from motcua.identity.tests.factories import sign_in
from motcua.places.public import get_agency
from motcua.places.tests.factories import make_agency

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = NOW + timedelta(hours=1)
Parts = dict[str, bytes]
Change = Callable[[Parts], object]


def unpack(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def sender() -> Principal:
    agency = get_agency(open_agency())
    ensure_demo_key(agency.code, agency.name, now=NOW)
    return make_owner(agency.id)


@pytest.fixture
def sent(sender: Principal) -> bytes:
    return export_draft(sender, make_draft(sender))[1]


def test_a_package_arrives_whole_and_says_who_signed(sender: Principal) -> None:
    uuid = make_draft(sender)
    name, content = export_draft(sender, uuid)
    assert name == "dang-ky-khai-sinh.zip"
    assert export_draft(sender, uuid)[1].startswith(b"PK")
    receiver = make_owner(open_agency())
    arrived, signer = import_bundle(receiver, content, now=LATER)
    draft = get_draft(receiver, arrived)
    assert read_files(draft.id) == read_files(get_draft(sender, uuid).id)
    assert (draft.origin, draft.origin_note, draft.procedure_code) == ("import", signer, "1.001193")
    assert signer == get_agency(get_draft(sender, uuid).agency_id).name


def test_an_office_without_a_key_sends_nothing() -> None:
    owner = make_owner(make_agency("H29.977").id)  # keys outlive a test: this office never had one
    with pytest.raises(SigningKeyMissing):
        export_draft(owner, make_draft(owner))


def test_approvers_take_no_package_in(sent: bytes) -> None:
    with pytest.raises(NotYourRole):
        import_bundle(make_approver(open_agency()), sent, now=LATER)


def change_file(parts: Parts) -> None:
    parts["result.typ"] += b" "


def change_file_and_manifest(parts: Parts) -> None:
    change_file(parts)
    manifest = json.loads(parts[MANIFEST])
    manifest["files"]["result.typ"] = sha256(parts["result.typ"]).hexdigest()
    parts[MANIFEST] = json.dumps(manifest).encode()


def change_title(parts: Parts) -> None:
    parts[MANIFEST] = parts[MANIFEST].replace(b"khai sinh", "khai tử".encode())


def sign_as_a_stranger(parts: Parts) -> None:
    with tempfile.TemporaryDirectory() as folder:
        key = make_stranger_key(Path(folder), now=NOW)
        parts[SIGNATURE] = sign_as(parts[MANIFEST], key=key).encode()


def climb_out(parts: Parts) -> None:
    parts["../../etc/cron.d/x"] = b"* * * * * root true\n"


TAMPERED: list[tuple[Change, str]] = [
    (change_file, "đã bị sửa"),
    (change_file_and_manifest, "Chữ ký của gói không đúng"),
    (change_title, "Chữ ký của gói không đúng"),
    (sign_as_a_stranger, "không thuộc nơi được tin cậy"),
    (climb_out, "tệp lạ"),
    (lambda parts: parts.update({"golden/../../x.json": b"{}"}), "tệp lạ"),
    (lambda parts: parts.update({"/etc/passwd": b"x"}), "tệp lạ"),
    (lambda parts: parts.update({"golden/them.json": b"{}"}), "đã bị sửa"),
    (lambda parts: parts.pop("form.json"), "đã bị sửa"),
    (lambda parts: parts.pop(SIGNATURE), "không có chữ ký"),
    (lambda parts: parts.update({SIGNATURE: b"rac"}), "Chữ ký của gói không đúng"),
    (lambda parts: parts.update({SIGNATURE: b"e30..AAAA"}), "Chữ ký của gói không đúng"),
    (lambda parts: parts.pop(MANIFEST), "thiếu tệp manifest.json"),
    (lambda parts: parts.update({MANIFEST: b"[" * 50_000}), "manifest.json"),
    (lambda parts: parts.update({"result.typ": b"0" * 2_000_001}), "lớn hơn 2 MB"),
    (lambda parts: parts.update({f"golden/{n}.json": b"0" * 1_900_000 for n in range(8)}), "quá lớn"),
]


@pytest.mark.parametrize(("change", "told"), TAMPERED, ids=[str(number) for number in range(len(TAMPERED))])
def test_a_touched_package_is_refused_with_what_is_wrong(sent: bytes, change: Change, told: str) -> None:
    parts, before = unpack(sent), Draft.objects.count()
    change(parts)
    with pytest.raises(BundleRefused) as refused:
        import_bundle(make_owner(open_agency()), pack(parts), now=LATER)
    assert told in refused.value.message
    assert Draft.objects.count() == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 1000, b"\0" * (MAX_BUNDLE_BYTES + 1)])
def test_what_is_no_package_is_refused(content: bytes) -> None:
    with pytest.raises(BundleRefused):
        import_bundle(make_owner(open_agency()), content, now=LATER)


def test_a_signature_is_not_believed_after_its_certificate_has_ended(sent: bytes) -> None:
    with pytest.raises(BundleRefused) as refused:
        import_bundle(make_owner(open_agency()), sent, now=NOW + timedelta(days=365 * 40))
    assert "tin cậy" in refused.value.message


def test_the_page_takes_a_package_and_says_what_is_wrong_with_another(sent: bytes) -> None:
    receiver, client = make_owner(open_agency()), Client()
    sign_in(client, receiver.user_id)
    address = reverse("designer:import")
    assert client.post(address).status_code == 400
    parts = unpack(sent)
    change_file(parts)
    answer = client.post(address, {"file": SimpleUploadedFile("x.zip", pack(parts))})
    assert answer.status_code == 400
    assert "đã bị sửa" in answer.content.decode()
    answer = client.post(address, {"file": SimpleUploadedFile("x.zip", sent)}, follow=True)
    assert answer.status_code == 200
    assert "thành bản thảo mới" in answer.content.decode()
