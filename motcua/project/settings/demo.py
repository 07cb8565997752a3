"""The demonstration city on one machine: `make demo`. Never for real people (checks.py refuses it in production)."""

from __future__ import annotations

import os

from motcua.project.settings.base import *
from motcua.project.settings.base import MOTCUA_PAYMENT_SIMULATOR, PAYMENT_DRIVERS, SIMULATED_DRIVERS

DEMO_MODE = True
MOTCUA_EXCHANGE_TSA = MOTCUA_EXCHANGE_TSA or "software"
SECRET_KEY = "demonstration-only-" + "0" * 40
if MOTCUA_PAYMENT_SIMULATOR and not PAYMENT_DRIVERS:  # the demonstration pays invented money, to nobody
    PAYMENT_DRIVERS = SIMULATED_DRIVERS
MOTCUA_NATIONAL_CLIENT = MOTCUA_NATIONAL_CLIENT or "trinh-dien"  # of the simulator only
MOTCUA_NATIONAL_SECRET = MOTCUA_NATIONAL_SECRET or "demonstration-only"
MOTCUA_SIGNATURE_LEVEL = os.environ.get("MOTCUA_SIGNATURE_LEVEL", "B-LT")  # its own services answer in process
