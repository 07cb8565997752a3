"""What goes wrong outside of any view: a page for people, the protocol's words for programs."""

from __future__ import annotations

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory

from motcua.project.errors import bad_request, server_error

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("path", "is_told"), [("/r1/VN/GOV/X/Y/z", True), ("/r2", True), ("/thu-tuc/", False)])
def test_each_address_is_told_in_its_own_words(path: str, is_told: bool) -> None:
    request = RequestFactory().get(path)
    for answer, status in ((server_error(request), 500), (bad_request(request, SuspiciousOperation("x")), 400)):
        assert answer.status_code == status and ("X-Road-Error" in answer.headers) is is_told
        assert answer.headers["Content-Type"].startswith("application/json" if is_told else "text/html")
