"""Static files with hashed names, compressed when they are collected."""

from __future__ import annotations

from typing import Any

import brotli  # type: ignore[import-untyped]  # comes with whitenoise[brotli]
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LARGE = 256 * 1024  # the drawing tools: full effort took half a minute at every start, for a tenth of their size


class PatientCompressor(Compressor):  # type: ignore[misc]  # whitenoise is untyped
    """Full effort for what every page carries, less for the few large files of single pages."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return the data compressed."""
        return bytes(brotli.compress(data, quality=11 if len(data) < LARGE else 5))


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """WhiteNoise's storage with our compressor."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return PatientCompressor(**kwargs)
