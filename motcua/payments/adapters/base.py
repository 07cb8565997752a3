"""What every way to pay over a network must do. One file a vendor; the registry is checked when it is filled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from motcua.payments.types import PaymentEvent, Way, WayNotOffered


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
class BackOrder:
    """Money to give back by the way it came. `number` is ours and stays the same however often it is asked for."""

    number: str
    amount_vnd: int
    movement: str  # what the other side calls the money that came in
    is_whole: bool
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackAnswer:
    """What the other side says of it: taken up (perhaps before), or refused with its words."""

    is_taken: bool
    external_id: str = ""
    says: str = ""


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
    def ask(self, order: Order, *, now: datetime) -> tuple[PaymentEvent, ...]:
        """Ask the other side what happened to an order; nothing yet is no event. Raises: GatewayAway."""

    def give_back(self, order: Order, back: BackOrder, *, now: datetime) -> BackAnswer:
        """Ask the other side to give money back; asked twice with one number it gives back once.

        Raises: WayNotOffered where the way has no road back; GatewayAway.
        """
        raise WayNotOffered(self.way)

    @property
    def gives_back(self) -> bool:
        """Tell whether money goes back by the way it came, without an official's hand."""
        return type(self).give_back is not Driver.give_back
