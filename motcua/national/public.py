"""The face of national: the national platform beside the city, states told, dossiers taken in and sent on."""

from __future__ import annotations

from motcua.national.actions.onward import send_onward
from motcua.national.actions.receiving import Received, receive_package
from motcua.national.actions.taking import take_in
from motcua.national.adapters.simulator import PortalSimulator
from motcua.national.queries.differences import find_comparison
from motcua.national.queries.sync import get_sync_status
from motcua.national.rules.packages import read_package, write_package
from motcua.national.types import (
    DayReport,
    Difference,
    Package,
    PackageFile,
    PackageParty,
    PackageReceived,
    Reason,
    SyncStatus,
)

__all__ = [
    "DayReport", "Difference", "Package", "PackageFile", "PackageParty", "PackageReceived", "PortalSimulator", "Reason",
    "Received", "SyncStatus", "find_comparison", "get_sync_status", "read_package", "receive_package", "send_onward",
    "take_in", "write_package",
]  # fmt: skip
