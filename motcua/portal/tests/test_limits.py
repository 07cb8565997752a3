"""Nobody finds codes by trying them out; nobody who looks up their own dossier is ever sent away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from motcua.kernel import clock
from motcua.portal.actions import charge_asker, forget_askers
from motcua.portal.models import AskerBucket
from motcua.portal.rules import find_client_address, find_wait_seconds, group_address, make_bucket_key
from motcua.ui.public import TooManyRequestsError
from motcua.ui.tests.html import words


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "address"),
    [
        ("", 0, "10.0.0.9"),
        ("1.1.1.1", 0, "10.0.0.9"),  # nobody of ours stands in front: the header is the asker's own word
        ("1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"),  # an asker who writes the header itself stays who it is
        ("6.6.6.6, 1.1.1.1, 10.0.0.2", 2, "1.1.1.1"),
        ("1.1.1.1", 2, "10.0.0.9"),
    ],
)
def test_the_asker_is_whom_our_own_proxies_heard(forwarded_for: str, proxies: int, address: str) -> None:
    assert find_client_address("10.0.0.9", forwarded_for=forwarded_for, proxies=proxies) == address


def test_a_household_is_one_asker() -> None:
    assert group_address("2001:db8:1:2::5") == group_address("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert group_address("2001:db8:1:3::5") != group_address("2001:db8:1:2::5")
    assert group_address("::ffff:1.2.3.4") == "1.2.3.4"


@pytest.mark.slow
@given(st.text(max_size=100))
def test_any_header_makes_a_key(address: str) -> None:
    key = make_bucket_key(address, secret="s" * 50)
    assert len(key) == 64
    assert not address or len(address) < 8 or address not in key


@given(st.floats(0, 1000), st.integers(1, 1000))
def test_after_the_wait_it_fits(level: float, per_minute: int) -> None:
    wait = find_wait_seconds(level, per_minute=per_minute)
    assert level - wait * per_minute / 60 <= per_minute + 1e-6
    assert wait == 0 or level > per_minute


@pytest.mark.django_db
def test_a_bucket_leaks(settings: Settings) -> None:
    settings.PUBLIC_ASKS_PER_MINUTE, now = 6, clock.now()
    for _number in range(6):
        charge_asker("1.1.1.1", cost=1, now=now)
    with pytest.raises(TooManyRequestsError) as refused:
        charge_asker("1.1.1.1", cost=1, now=now)
    assert refused.value.retry_after_seconds == 10
    charge_asker("1.1.1.2", cost=1, now=now)
    for _number in range(50):
        with pytest.raises(TooManyRequestsError):
            charge_asker("1.1.1.1", cost=1, now=now)
    charge_asker("1.1.1.1", cost=1, now=now + timedelta(seconds=21))


@pytest.mark.django_db
def test_one_statement_counts_for_all_processes(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        charge_asker("1.1.1.1", cost=1, now=clock.now())


@pytest.mark.django_db
def test_a_clock_that_lags_behind_another_process_takes_nothing_back(settings: Settings) -> None:
    settings.PUBLIC_ASKS_PER_MINUTE, now = 60, clock.now()
    charge_asker("1.1.1.1", cost=1, now=now)
    charge_asker("1.1.1.1", cost=1, now=now - timedelta(seconds=30))
    row = AskerBucket.objects.get()
    assert (row.level, row.updated_at) == (2, now)


@pytest.mark.django_db
def test_zero_means_no_limit(settings: Settings, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    settings.PUBLIC_ASKS_PER_MINUTE = 0
    with django_assert_num_queries(0):
        charge_asker("1.1.1.1", cost=1e9, now=clock.now())


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/tra-cuu/?ma=H29.999-260302-0001", "/xac-minh/K7M2-9PXT-4QAB-CDEF/"])
def test_guessing_codes_ends_with_a_sentence_and_a_time(client: Client, settings: Settings, address: str) -> None:
    settings.PUBLIC_ASKS_PER_MINUTE = 20
    answers = [client.get(address).status_code for _number in range(6)]
    assert answers == [404, 404, 404, 404, 429, 429]
    response = client.get(address)
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert "Bạn thao tác quá nhanh" in words(response)
    assert "thử lại" in words(response)


@pytest.mark.django_db
def test_files_to_verify_are_counted(client: Client, settings: Settings) -> None:
    settings.PUBLIC_ASKS_PER_MINUTE = 10
    for status in (200, 200, 429):
        assert client.post("/xac-minh/", {"tep": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}).status_code == status


@pytest.mark.django_db
def test_the_trusted_proxy_tells_askers_apart(client: Client, settings: Settings) -> None:
    settings.PUBLIC_ASKS_PER_MINUTE, settings.PROXIES = 1, 1
    assert client.get("/xac-minh/X/", headers={"X-Forwarded-For": "1.1.1.1"}).status_code in (404, 429)
    assert client.get("/xac-minh/X/", headers={"X-Forwarded-For": "1.1.1.1"}).status_code == 429
    row_keys = set(AskerBucket.objects.values_list("key", flat=True))
    client.get("/xac-minh/X/", headers={"X-Forwarded-For": "6.6.6.6, 2.2.2.2"})
    assert len(set(AskerBucket.objects.values_list("key", flat=True)) - row_keys) == 1


@pytest.mark.django_db
def test_empty_buckets_are_forgotten() -> None:
    now = clock.now()
    charge_asker("1.1.1.1", cost=1, now=now - timedelta(minutes=11))
    charge_asker("1.1.1.2", cost=1, now=now)
    assert forget_askers(now=now) == 1
    assert AskerBucket.objects.count() == 1


@pytest.mark.django_db
def test_the_table_refuses_a_negative_level() -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        AskerBucket.objects.create(key="k", level=-1, updated_at=clock.now())
