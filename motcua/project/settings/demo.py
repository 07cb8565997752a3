"""The demonstration city on one machine: `make demo`. Never for real people (checks.py refuses it in production)."""

from __future__ import annotations

from motcua.project.settings.base import *

DEMO_MODE = True
MOTCUA_EXCHANGE_TSA = MOTCUA_EXCHANGE_TSA or "software"
SECRET_KEY = "demonstration-only-" + "0" * 40
