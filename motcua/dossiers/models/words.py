"""Words and shapes that several tables share."""

from __future__ import annotations

SHA256_PATTERN = r"^[0-9a-f]{64}$"
PARTY_KINDS = ("person", "organisation")
RESULT_CHANNELS = ("online", "counter", "post")
