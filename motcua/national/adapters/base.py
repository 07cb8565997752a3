"""The national portal by contract: tell states, read the list of a day, fetch and hand over packages."""

from __future__ import annotations

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from motcua.national.types import Acknowledgement, StatusNote, ToldState


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPackage:
    """A package as it travels: its very bytes, and the detached signature over them."""

    content: bytes
    signature: str


class NationalPortal(ABC):
    """A way to the national portal: one class a vendor, chosen by MOTCUA_NATIONAL_PORTAL_DRIVER.

    Every method raises exchange's NationalUnavailable and NationalRefused; none is called inside a transaction.
    """

    @abstractmethod
    def tell(self, notes: Sequence[StatusNote]) -> tuple[Acknowledgement, ...]:
        """Tell states, at most one of a dossier; what is not acknowledged is told again."""

    @abstractmethod
    def list_day(self, on: date) -> tuple[ToldState, ...]:
        """Return the last state of each dossier of ours that reached one on that day, as the portal holds it."""

    @abstractmethod
    def list_waiting(self) -> tuple[str, ...]:
        """Return the codes of packages that wait for us."""

    @abstractmethod
    def fetch(self, national_code: str) -> SignedPackage:
        """Return a package."""

    @abstractmethod
    def confirm(self, national_code: str) -> None:
        """Say that the package is stored here; it is offered no more."""

    @abstractmethod
    def give(self, package: SignedPackage, *, target: str) -> Acknowledgement:
        """Hand a package over, to the portal itself or through it to another province."""


@cache
def read_names() -> dict[str, Any]:
    """Return how the portal names things: data, since no specification is public."""
    return tomllib.loads((Path(__file__).parent / "portal_fields.toml").read_text("utf-8"))


def get_portal() -> NationalPortal:
    """Return the driver of this installation. Raises: TypeError for a class that is none."""
    made = import_string(settings.MOTCUA_NATIONAL_PORTAL_DRIVER)()
    if not isinstance(made, NationalPortal):
        raise TypeError(f"{settings.MOTCUA_NATIONAL_PORTAL_DRIVER} is no NationalPortal")
    return made


def is_connected() -> bool:
    """Return whether this installation knows where the national platform is."""
    return bool(settings.MOTCUA_NATIONAL_URL)
