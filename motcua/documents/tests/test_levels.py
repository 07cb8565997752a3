"""Signature levels: what each proves, when certificates end or are revoked, when a service is away."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from motcua.documents.adapters.http_trust import HttpRevocationSource, HttpTimeStamper
from motcua.documents.adapters.pki_server import answer_time_stamp, make_server
from motcua.documents.rules.appearance import draw_demo_hand, draw_demo_seal, place_seal
from motcua.documents.rules.signing import archive_pdf_bytes, sign_pdf_paper
from motcua.documents.tests.city import City, found_city
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW, make_bare_pdf, make_pdf
from motcua.documents.types import (
    SIGNATURE_LEVELS,
    Appearance,
    RevocationUnavailable,
    SignatureLevel,
    TimeStampUnavailable,
)

YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return found_city(tmp_path_factory.mktemp("keys"))


class SilentStamper:
    """A time-stamping service that is away."""

    is_remote = True
    certificates: tuple[bytes, ...] = ()

    def stamp(self, sha256: bytes, *, now: datetime) -> bytes:
        raise TimeStampUnavailable


@pytest.mark.slow
@pytest.mark.parametrize("level", SIGNATURE_LEVELS)
def test_each_level_is_reached_and_said(city: City, level: SignatureLevel) -> None:
    signed = city.sign(make_bare_pdf(), level=level)
    report = city.verify(signed.content, at=NOW + timedelta(hours=1))
    assert (signed.level, signed.missing, report.status, report.covers_whole_file) == (level, (), "valid", True)
    assert report.signers[0].level == level
    assert (report.signers[0].stamped_at == NOW.replace(microsecond=0)) == (level != "B-B")
    assert len(report.archived_at) == (level == "B-LTA")


@pytest.mark.slow
def test_time_stamp_proves_the_past_when_the_certificate_has_ended(city: City) -> None:
    later = NOW + 6 * YEAR
    assert city.verify(city.sign(make_bare_pdf(), level="B-B").content, at=later).status == "untrusted"
    for level in ("B-T", "B-LT", "B-LTA"):
        assert city.verify(city.sign(make_bare_pdf(), level=level).content, at=later).status == "valid", level


@pytest.mark.slow
def test_archive_outlives_the_time_stamping_certificate_only_when_renewed_in_time(city: City) -> None:
    signed = city.sign(make_bare_pdf(), level="B-LTA").content
    late = NOW + 13 * YEAR  # the service's certificate lives twelve years
    assert city.verify(signed, at=late).status == "untrusted"
    renewal = NOW + 11 * YEAR
    other = found_city(city.store._folder.parent / "newer")
    authority = other.store.authority
    renewed = archive_pdf_bytes(
        signed,
        stamper=authority,
        certificates=authority.certificates,
        revocation=authority.collect(authority.certificates, now=renewal),
        now=renewal,
    )
    both = City(city.store, (*city.roots, *other.roots))
    report = both.verify(renewed, at=renewal + timedelta(days=1))
    assert (report.status, len(report.archived_at)) == ("valid", 2)
    assert renewed.startswith(signed)


@pytest.mark.slow
def test_revoked_before_signing_is_refused_and_after_it_is_not(tmp_path: Path) -> None:
    city = found_city(tmp_path)
    before = city.sign(make_bare_pdf(), level="B-LT").content
    plain = city.sign(make_bare_pdf(), level="B-B").content
    city.store.authority.revoke(city.store.get_key(AGENCY_CODE).certificate_der, at=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    lists = (city.store.authority.make_crl("issuing", now=later),)
    after = city.sign(make_bare_pdf(), level="B-LT", at=later)
    report = city.verify(after.content, at=later)
    assert report.status == "untrusted"
    assert any("thu hồi" in sentence for sentence in report.sentences_vi)
    assert city.verify(before, at=later, crls=lists).status == "valid"
    assert city.verify(plain, at=later, crls=lists).status == "untrusted"  # nothing proves that it was before


@pytest.mark.slow
def test_certificate_that_names_its_services_needs_an_answer(tmp_path: Path) -> None:
    city = found_city(tmp_path, services_url="http://127.0.0.1:9")
    report = city.verify(city.sign(make_bare_pdf(), level="B-T").content)
    assert report.status == "untrusted"
    assert any("thu hồi hay không" in sentence for sentence in report.sentences_vi), report.sentences_vi
    assert city.verify(city.sign(make_bare_pdf(), level="B-LT").content).status == "valid"
    assert city.verify(city.sign(make_bare_pdf(), level="B-LTA").content).status == "valid"


def test_silent_time_stamper_lowers_the_level_and_the_job_lifts_it_again(city: City) -> None:
    key, authority = city.store.get_key(AGENCY_CODE), city.store.authority
    answers = authority.collect((key.certificate_der,), now=NOW)
    signed = sign_pdf_paper(
        make_bare_pdf(), key=key, signer_name="", reason="", now=NOW, stamper=SilentStamper(), revocation=answers
    )
    assert (signed.level, signed.missing) == ("B-B", ("time-stamp",))
    assert city.verify(signed.content).status == "valid"
    certificates = (key.certificate_der, *key.chain_der, *authority.certificates)
    lifted = archive_pdf_bytes(
        signed.content,
        stamper=authority,
        certificates=certificates,
        revocation=authority.collect(certificates, now=NOW),
        now=NOW,
    )
    report = city.verify(lifted, at=NOW + 6 * YEAR)
    assert (report.status, report.signers[0].level) == ("valid", "B-LTA")


@pytest.mark.slow
def test_official_signs_then_the_agency_seals_a_third_of_the_hand(city: City) -> None:
    city.store.ensure_key("H29.CB1", AGENCY_NAME, now=NOW, person="Trần Văn Bình")
    hand = Appearance("official", draw_demo_hand("Trần Văn Bình"), (350, 200, 500, 260), text="Trần Văn Bình")
    seal = place_seal(hand, seal_png=draw_demo_seal(), agency_name=AGENCY_NAME, at=NOW)
    first = city.sign(make_pdf(), code="H29.CB1", appearance=hand)
    both = city.sign(first.content, appearance=seal)
    report = city.verify(both.content)
    assert report.status == "valid"
    assert [signer.name for signer in report.signers] == ["Trần Văn Bình", report.signers[1].organisation]
    assert seal.box[2] - hand.box[0] == (hand.box[2] - hand.box[0]) // 3
    assert seal.box[0] < hand.box[0] and seal.box[2] - seal.box[0] == 102


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[City, str]]:
    city = found_city(tmp_path)
    server = make_server(city.store.authority, host="127.0.0.1", port=0)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield city, address
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.slow
def test_time_stamps_over_http_are_checked(served: tuple[City, str], tmp_path: Path) -> None:
    city, address = served
    stamper = HttpTimeStamper(f"{address}/tsa")
    key = city.store.get_key(AGENCY_CODE)
    for _ in range(2):  # the second time its certificates are known
        signed = sign_pdf_paper(make_bare_pdf(), key=key, signer_name="", reason="", now=NOW, stamper=stamper)
        assert signed.level == "B-T"
        assert city.verify(signed.content, at=datetime.now(UTC) + timedelta(minutes=1)).status == "valid"
    assert set(stamper.certificates) == set(city.store.authority.certificates)
    with pytest.raises(TimeStampUnavailable):
        HttpTimeStamper(f"{address}/none").stamp(bytes(32), now=NOW)
    with pytest.raises(TimeStampUnavailable):
        HttpTimeStamper("http://127.0.0.1:9/tsa", timeout_seconds=0.5).stamp(bytes(32), now=NOW)
    with pytest.raises(ValueError, match="not an address"):
        HttpTimeStamper("file:///etc/passwd")


@pytest.mark.slow
def test_openssl_believes_the_time_stamp(served: tuple[City, str], tmp_path: Path) -> None:
    program = shutil.which("openssl")
    assert program, "openssl is missing: install openssl"
    city, address = served
    (tmp_path / "data").write_bytes(b"giay to")
    root = tmp_path / "root.pem"
    root.write_bytes((city.store._folder / "root.pem").read_bytes())
    query, reply = tmp_path / "q.tsq", tmp_path / "r.tsr"
    run = [program, "ts", "-query", "-data", str(tmp_path / "data"), "-sha512", "-cert", "-out", str(query)]
    subprocess.run(run, check=True, capture_output=True)
    reply.write_bytes(answer_time_stamp(query.read_bytes(), city.store.authority))
    verify = [program, "ts", "-verify", "-queryfile", str(query), "-in", str(reply), "-CAfile", str(root)]
    answer = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert "Verification: OK" in answer.stdout + answer.stderr, answer.stderr


@pytest.mark.slow
def test_revocation_over_http(served: tuple[City, str], tmp_path: Path) -> None:
    city, address = served
    city.store.authority._services_url = address
    city.store.ensure_key("H29.9", AGENCY_NAME, now=NOW)
    key = city.store.get_key("H29.9")
    answers = HttpRevocationSource().collect((key.certificate_der, *key.chain_der), now=NOW)
    assert (len(answers.ocsps), len(answers.crls)) == (1, 0)
    signed = sign_pdf_paper(
        make_bare_pdf(),
        key=key,
        signer_name="",
        reason="",
        now=NOW,
        stamper=HttpTimeStamper(f"{address}/tsa"),
        revocation=answers,
    )
    report = city.verify(signed.content, at=datetime.now(UTC) + timedelta(minutes=1))
    assert (signed.level, report.status) == ("B-LT", "valid")
    unknown = found_city(tmp_path / "other", services_url=address).store.get_key(AGENCY_CODE)
    with pytest.raises(RevocationUnavailable):
        HttpRevocationSource().collect((unknown.certificate_der, *unknown.chain_der), now=NOW)


@pytest.mark.slow
@pytest.mark.parametrize("level", SIGNATURE_LEVELS)
def test_pdfsig_agrees_on_every_level(city: City, tmp_path: Path, level: SignatureLevel) -> None:
    """Poppler is an independent reader; it also agrees that two signatures in order both stand."""
    program = shutil.which("pdfsig")
    assert program, "pdfsig is missing: install poppler-utils (deploy/install_browser.sh does)"
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(city.sign(city.sign(make_pdf(), level=level).content, level=level).content)
    answer = subprocess.run([program, str(paper)], capture_output=True, text=True, check=False).stdout
    assert answer.count("Signature is Valid.") == 2
    assert answer.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in answer
    assert city.verify(paper.read_bytes()).status == "valid"
