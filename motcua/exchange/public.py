"""The face of the exchange: services between agencies, by grant, signed, logged."""

from __future__ import annotations

from motcua.exchange.types import ClientId, Endpoint, ExchangeFault, GrantInfo, LoggedMessage, ServiceId, ServiceInfo

__all__ = ["ClientId", "Endpoint", "ExchangeFault", "GrantInfo", "LoggedMessage", "ServiceId", "ServiceInfo"]
