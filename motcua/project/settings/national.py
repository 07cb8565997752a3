"""The national platform: where it is, who we are there. Empty address: not connected, and everything says so."""

from __future__ import annotations

import os

MOTCUA_NATIONAL_URL = os.environ.get("MOTCUA_NATIONAL_URL", "")  # address of the platform; empty: not connected
MOTCUA_NATIONAL_CLIENT = os.environ.get("MOTCUA_NATIONAL_CLIENT", "")  # who we are there
MOTCUA_NATIONAL_SECRET = os.environ.get("MOTCUA_NATIONAL_SECRET", "")  # proof of it
MOTCUA_NATIONAL_TIMEOUT = float(os.environ.get("MOTCUA_NATIONAL_TIMEOUT", "5"))  # seconds that one call may take
_kept = os.environ.get("MOTCUA_NATIONAL_CACHE_SECONDS", "0")  # how long the owner's agreement lets an answer be kept
MOTCUA_NATIONAL_CACHE_SECONDS = int(_kept)
_query = "motcua.exchange.adapters.national_http.HttpQueries"
MOTCUA_NATIONAL_QUERY_DRIVER = os.environ.get("MOTCUA_NATIONAL_QUERY_DRIVER", _query)  # how its databases are asked
_portal = "motcua.national.adapters.http.HttpPortal"
MOTCUA_NATIONAL_PORTAL_DRIVER = os.environ.get("MOTCUA_NATIONAL_PORTAL_DRIVER", _portal)  # how states and dossiers go
_signers = os.environ.get("MOTCUA_NATIONAL_SIGNERS", "Cổng Dịch vụ công quốc gia")  # whose signature brings dossiers
MOTCUA_NATIONAL_SIGNERS = tuple(filter(None, (each.strip() for each in _signers.split(";"))))
MOTCUA_NATIONAL_AGENCY = os.environ.get("MOTCUA_NATIONAL_AGENCY", "")  # whose key signs what we send; empty: exchange's
_simulator = os.environ.get("MOTCUA_NATIONAL_SIMULATOR", "")  # faults of the demonstration's own other side
MOTCUA_NATIONAL_SIMULATOR = _simulator
