"""Remember what people looked for and did not find, without who looked."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import connection

from motcua.procedures.rules.search import fold_words

_COUNT = """
INSERT INTO procedures_searchmiss AS miss (term_folded, count, last_at) VALUES (%s, 1, %s)
ON CONFLICT (term_folded) DO UPDATE SET count = miss.count + 1, last_at = greatest(miss.last_at, excluded.last_at)
"""
_PERSONAL = re.compile(r"\d{6,}")  # a phone, an identity number: never kept


def record_search_miss(text: str, *, now: datetime) -> None:
    """Count a text that found nothing, folded and cut short; long figures in it are struck out."""
    term = _PERSONAL.sub("#", fold_words(text))[:100].strip()
    if not term:
        return
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [term, now])
