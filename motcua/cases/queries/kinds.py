"""Which module shows which kind of case: told once by the upper module's AppConfig, asked by our screens."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class KindUrls:
    """Names of the pages of a kind; both take the uuid as `task_uuid` and `case_uuid` positional argument."""

    task_url_name: str
    case_url_name: str


_KINDS: dict[str, KindUrls] = {}


def register_kind(kind: str, *, task_url_name: str, case_url_name: str) -> None:
    """Tell the inbox where tasks and cases of this kind are shown. Called from AppConfig.ready of the upper module."""
    _KINDS[kind] = KindUrls(task_url_name, case_url_name)


def get_task_url(kind: str, *, task_uuid: UUID) -> str:
    """Return the address of a task's screen, empty when its kind has none."""
    urls = _KINDS.get(kind)
    return reverse(urls.task_url_name, args=[task_uuid]) if urls else ""


def get_case_url(kind: str, *, case_uuid: UUID) -> str:
    """Return the address of a case's page, empty when its kind has none."""
    urls = _KINDS.get(kind)
    return reverse(urls.case_url_name, args=[case_uuid]) if urls else ""
