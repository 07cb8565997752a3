"""How records of one person are joined."""

from __future__ import annotations

import os

LINKAGE_FOUR_EYES = os.environ.get("MOTCUA_LINKAGE_FOUR_EYES", "") == "1"  # two say "same"
