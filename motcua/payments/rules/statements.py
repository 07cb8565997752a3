"""Which reader reads a statement, by what stands in it."""

from __future__ import annotations

from motcua.kernel.messages import N_
from motcua.payments.rules.statement_camt import read_camt053
from motcua.payments.rules.statement_csv import read_bank_csv, read_gateway_csv
from motcua.payments.rules.statement_lines import decode
from motcua.payments.rules.statement_mt940 import LOOKS_LIKE, read_mt940
from motcua.payments.types import StatementLine, StatementRefused, StatementSource

MAX_BYTES = 20 * 1024 * 1024


def read_statement(content: bytes, *, source: StatementSource) -> tuple[StatementLine, ...]:
    """Read a bank's statement (camt.053, MT940, CSV) or a gateway's report (CSV). Raises: StatementRefused."""
    if not content.strip() or len(content) > MAX_BYTES:
        raise StatementRefused(N_("tệp rỗng hoặc lớn hơn 20 MB"))
    if source == "gateway":
        lines = read_gateway_csv(content)
    elif content[:8].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<"):
        lines = read_camt053(content)
    elif LOOKS_LIKE.search(decode(content)):
        lines = read_mt940(content)
    else:
        lines = read_bank_csv(content)
    names = [(line.external_id, line.kind, line.amount_vnd > 0) for line in lines]  # what came may go by its own name
    if len(set(names)) != len(names):
        raise StatementRefused(N_("một mã giao dịch đứng hai lần trong tệp"))
    return lines
