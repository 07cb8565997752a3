"""Checks of procedure.toml: every fee has its legal ground, the facts of the page are there."""

from __future__ import annotations

from collections.abc import Iterator

from motcua.designer.rules.reading import PROCEDURE, Package, error, warning
from motcua.designer.rules.time_checks import check_term
from motcua.designer.types import Finding
from motcua.kernel.messages import N_


def check_procedure(package: Package) -> Iterator[Finding]:
    """Yield what is wrong with the facts of the procedure; nothing when they could not be read."""
    if not package.procedure:
        return
    yield from check_term(package)
    yield from _check_fees(package)
    yield from _check_facts(package)


def _check_fees(package: Package) -> Iterator[Finding]:
    for number, row in enumerate(package.rows("fees"), start=1):
        label = str(row.get("label") or N_("dòng %(number)s", number=number))
        place = f"fees[{number}]"
        if not str(row.get("legal_ref", "")).strip():
            message = N_("Khoản thu “%(label)s” chưa ghi căn cứ pháp lý. Hãy ghi legal_ref.", label=label)
            yield error(PROCEDURE, place, "fee_without_law", message)
        amount = row.get("amount_vnd")
        if amount is None and not str(row.get("text", "")).strip():
            message = N_("Khoản thu “%(label)s” chưa ghi số tiền, cũng không nói thu thế nào.", label=label)
            yield error(PROCEDURE, place, "fee_without_amount", message)
        elif amount is not None and (isinstance(amount, bool) or not isinstance(amount, int) or amount < 0):
            message = N_("Khoản thu “%(label)s” phải là số đồng nguyên, từ 0 trở lên.", label=label)
            yield error(PROCEDURE, place, "fee_not_whole", message)


def _check_facts(package: Package) -> Iterator[Finding]:
    data = package.procedure
    for key, name in (("code", N_("mã thủ tục")), ("name", N_("tên thủ tục")), ("field", N_("lĩnh vực"))):
        if not str(data.get(key, "")).strip():
            yield error(PROCEDURE, key, "fact_missing", N_("Chưa ghi %(name)s. Hãy ghi «%(key)s».", name=name, key=key))
    if not package.rows("legal_bases"):
        message = N_("Chưa ghi văn bản pháp luật nào. Hãy ghi [[legal_bases]].")
        yield error(PROCEDURE, "legal_bases", "laws_missing", message)
    if data.get("online_level") not in (None, "full") and not str(data.get("online_reason", "")).strip():
        message = N_("Thủ tục chưa trực tuyến toàn trình mà chưa nói vì sao. Hãy ghi online_reason.")
        yield error(PROCEDURE, "online_level", "online_reason_missing", message)
    if not str(package.table("competence").get("legal_ref", "")).strip():
        message = N_("Thẩm quyền giải quyết chưa ghi điều luật quy định. Hãy ghi legal_ref trong [competence].")
        yield warning(PROCEDURE, "competence", "competence_without_law", message)
