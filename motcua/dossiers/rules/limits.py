"""Numbers that the law or the house sets."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

MAX_SUPPLEMENT_REQUESTS: Final = 1
MAX_REAPPOINTMENTS: Final = 1
SUPPLEMENT_ANSWER_WORKDAYS: Final = 15
ONLINE_NOTICE_HOURS: Final = 8  # working hours within which an online dossier is answered
PAPER_HANDOVER_BEFORE: Final = time(15)  # papers taken in later than this go on the next working day
DRAFT_LIFETIME: Final = timedelta(days=30)
MAX_FILES_PER_FIELD: Final = 10
MAX_FILES_PER_DRAFT: Final = 60
