"""What must never be true where real people are served. Read by production settings at start and by `motcua check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

MIN_SECRET_LENGTH = 50
MIN_SECRET_VARIETY = 10
NAMES = (
    "DEBUG",
    "DEMO_MODE",
    "SECRET_KEY",
    "PUBLIC_URL",
    "ALLOWED_HOSTS",
    "OIDC_ISSUER",
    "OIDC_CLIENT_SECRET",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
)


def find_production_problems(values: Mapping[str, Any]) -> list[str]:
    """Return Vietnamese sentences, one for each setting that would make a real installation unsafe."""
    secret = str(values.get("SECRET_KEY", ""))
    rules = [
        (bool(values.get("DEBUG")), "DEBUG phải tắt khi phục vụ người dân."),
        (bool(values.get("DEMO_MODE")), "DEMO_MODE phải tắt: chế độ trình diễn cho bất kỳ ai đăng nhập."),
        (is_weak_secret(secret), "Đặt MOTCUA_SECRET_KEY là chuỗi ngẫu nhiên ít nhất 50 ký tự, không dùng khóa mẫu."),
        (not is_https(values.get("PUBLIC_URL")), "Đặt MOTCUA_PUBLIC_URL là địa chỉ https:// của cổng."),
        (
            has_open_hosts(values.get("ALLOWED_HOSTS")),
            "Đặt MOTCUA_ALLOWED_HOSTS là đúng tên miền của cổng, không dùng *.",
        ),
        (
            not is_https(values.get("OIDC_ISSUER")),
            "Đặt MOTCUA_OIDC_ISSUER là địa chỉ https:// của nhà cung cấp định danh; không dùng bản thử nghiệm.",
        ),
        (
            values.get("OIDC_CLIENT_SECRET") in ("", "sandbox-secret", None),
            "Đặt MOTCUA_OIDC_CLIENT_SECRET do nhà cung cấp định danh cấp.",
        ),
        (not values.get("SESSION_COOKIE_SECURE"), "SESSION_COOKIE_SECURE phải bật."),
        (not values.get("CSRF_COOKIE_SECURE"), "CSRF_COOKIE_SECURE phải bật."),
    ]
    return [sentence for is_broken, sentence in rules if is_broken]


def is_weak_secret(secret: str) -> bool:
    return len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < MIN_SECRET_VARIETY or "demonstration" in secret


def is_https(url: object) -> bool:
    return str(url or "").startswith("https://")


def has_open_hosts(hosts: object) -> bool:
    return not isinstance(hosts, (list, tuple)) or not hosts or "*" in hosts


@register(Tags.security)
def check_production(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Report the same problems to `motcua check`; only production settings carry PRODUCTION."""
    if not getattr(settings, "PRODUCTION", False):
        return []
    values = {name: getattr(settings, name, None) for name in NAMES}
    return [Error(sentence, id="motcua.E001") for sentence in find_production_problems(values)]
