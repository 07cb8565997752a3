"""The language of the page, and the policy that every answer carries."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language

from motcua.ui.middleware import ContentSecurityPolicyMiddleware, LanguageMiddleware, build_policy


def speak(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_language() or "")


@pytest.mark.parametrize(
    ("cookie", "accepts", "expected"),
    [
        ("", "en-US,en;q=0.9", "vi"),
        ("", "", "vi"),
        ("en", "vi", "en"),
        ("vi", "en", "vi"),
        ("xx", "en", "vi"),
        ("../..", "en", "vi"),
    ],
)
def test_vietnamese_until_the_person_chooses(cookie: str, accepts: str, expected: str) -> None:
    request = RequestFactory().get("/", headers={"accept-language": accepts})
    request.COOKIES["django_language"] = cookie
    response = LanguageMiddleware(speak)(request)
    assert response.content.decode() == expected
    assert response.headers["Content-Language"] == expected
    assert "Cookie" in response.headers["Vary"]


def test_policy_names_an_outside_sign_in_provider_and_nothing_else() -> None:
    assert build_policy().endswith("form-action 'self'")
    assert build_policy(("https://id.example.org",)).endswith("form-action 'self' https://id.example.org")


def test_answer_with_a_policy_of_its_own_keeps_it() -> None:
    answer = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    response = ContentSecurityPolicyMiddleware(lambda _request: answer)(RequestFactory().get("/"))
    assert response.headers["Content-Security-Policy"] == "sandbox"
