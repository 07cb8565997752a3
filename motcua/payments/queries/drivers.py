"""Which ways to pay this installation offers: read once from the settings, checked when read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from motcua.payments.adapters.base import Driver
from motcua.payments.types import Way, WayNotOffered


@cache
def load_drivers() -> Mapping[Way, Driver]:
    """Return the drivers by way. Raises: ImproperlyConfigured for a driver that is none or that lacks a value."""
    found: dict[Way, Driver] = {}
    for path, values in settings.PAYMENT_DRIVERS.items():
        module, _, name = path.rpartition(".")
        try:
            driver = getattr(import_module(module), name)(**values)
        except (ImportError, AttributeError, TypeError) as error:
            raise ImproperlyConfigured(f"PAYMENT_DRIVERS: {path} cannot be made: {error}") from error
        if not isinstance(driver, Driver):
            raise ImproperlyConfigured(f"PAYMENT_DRIVERS: {path} is no payment driver")
        found[driver.way] = driver
    return found


def get_driver(way: str) -> Driver:
    """Return the driver of a way. Raises: WayNotOffered."""
    for known, driver in load_drivers().items():
        if known == way:
            return driver
    raise WayNotOffered(way)
