"""An official changes their own password, and only theirs, with the old one in hand."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from motcua.identity.actions.accounts import is_password
from motcua.identity.tests.factories import make_official, sign_in
from motcua.places.tests.factories import make_agency
from motcua.ui.tests.html import words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OLD, NEW = "mot-cau-dai-de-nho-2026", "cau-khac-cung-dai-2027"


@pytest.fixture
def user_id(db: None) -> int:
    return make_official("counter", agency_id=make_agency().id, password=OLD).user_id


def sign_in_new(user_id: int, *, stepped_up: bool = True) -> Client:
    client = Client()
    sign_in(client, user_id, stepped_up=stepped_up)
    return client


def test_the_password_changes_and_other_sessions_end(user_id: int) -> None:
    here, elsewhere = sign_in_new(user_id), sign_in_new(user_id)
    response = here.post(reverse("identity:change_password"), {"old": OLD, "new": NEW, "again": NEW})
    assert response.status_code == 302
    assert is_password(user_id, password=NEW)
    assert here.get(reverse("cases:inbox")).status_code == 200
    assert elsewhere.get(reverse("cases:inbox")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "sai"}, "Mật khẩu đang dùng không đúng"),
        ({"new": "ngan", "again": "ngan"}, "ít nhất 12 ký tự"),
        ({"again": "khác hẳn"}, "không giống nhau"),
        ({"new": OLD, "again": OLD}, "phải khác mật khẩu đang dùng"),
        ({"old": "", "new": "", "again": ""}, "Hãy nhập mật khẩu đang dùng"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(user_id: int, typed: dict[str, str], sentence: str) -> None:
    client = sign_in_new(user_id)
    response = client.post(reverse("identity:change_password"), {"old": OLD, "new": NEW, "again": NEW} | typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert is_password(user_id, password=OLD)


def test_guessing_the_old_one_is_counted(user_id: int) -> None:
    client = sign_in_new(user_id)
    address = reverse("identity:change_password")
    for _number in range(5):
        client.post(address, {"old": "sai", "new": NEW, "again": NEW})
    assert "nhập sai quá nhiều lần" in words(client.post(address, {"old": OLD, "new": NEW, "again": NEW}))
    assert is_password(user_id, password=OLD)


def test_the_second_factor_is_asked_first(user_id: int) -> None:
    response = sign_in_new(user_id, stepped_up=False).get(reverse("identity:change_password"))
    assert response.headers["Location"].startswith(reverse("identity:step_up"))
