"""What every way to pay over a network must do. One file a vendor; the registry is checked when it is filled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from motcua.payments.types import PaymentEvent, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a payer is to pay: `reference` is what the other side shows and tells us again."""

    reference: str
    amount_vnd: int
    text: str
    created_at: datetime
    expires_at: datetime | None
    return_url: str
    client_ip: str = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """How the payer goes on: an address to go to, or a code to scan."""

    redirect_url: str = ""
    qr_payload: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message from outside that was checked: of which order, and what it says."""

    reference: str
    event: PaymentEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the protocol expects back."""

    body: Mapping[str, str]
    status: int = 200


class Driver(ABC):
    """A way to pay. `begin` and `read_callback` ask nothing of a network; `ask` does."""

    way: Way

    @abstractmethod
    def begin(self, order: Order) -> Begun:
        """Say how the payer goes on."""

    @abstractmethod
    def read_callback(
        self, params: Mapping[str, str], *, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Told:
        """Check a message from outside and say what it tells. Raises: CallbackRefused."""

    @abstractmethod
    def reply(self, outcome: str) -> Reply:
        """Answer a callback: outcome is "ok", "unknown", "repeated", "amount", "signature" or "other"."""

    @abstractmethod
    def ask(self, order: Order, *, now: datetime) -> PaymentEvent | None:
        """Ask the other side how an order stands; None when nothing happened yet. Raises: GatewayAway."""
