"""Facts from registers in a form: read-only while they hold, disputed but never overwritten, waited for when down.

Source: Decree 224/2026/NĐ-CP, Art. 15; in force 2026-06-24.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from motcua.dossiers.types import Verdict
from motcua.dossiers.types.facts import FactInfo, HeldFact
from motcua.kernel.messages import N_, join
from motcua.process.public import Field, Form, FormPage, put_answers, read_answer_at

MAX_TYPED_ASKS: Final = 8  # a draft looks up at most so many typed numbers: nobody tries numbers until one answers
FIXED: Final = ("held", "disputed")
BLANK: Final[tuple[object, ...]] = (None, "", [])
CORRECTION_WORKDAYS: Final = 3  # unsure: the law of 2025 gives the right, its term was not read
RETRY_MINUTES: Final = (1, 2, 5, 10, 20, 30)


def read_facts(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, HeldFact]:
    """Return the facts of a draft as it stores them, by the key of their question."""
    return {key: HeldFact(**row) for key, row in stored.items()}


def bind_form(form: Form, facts: Mapping[str, HeldFact]) -> Form:
    """Return the form as these facts leave it: what a register answered is read-only, what is awaited may be blank."""
    if not any(fact.state in (*FIXED, "awaited") for fact in facts.values()):
        return form

    def bind(item: Field) -> Field:
        fact = facts.get(item.key)
        if fact is None or fact.state in ("suggested", "unknown"):
            return item
        if fact.state == "awaited":
            rules = {name: rule for name, rule in item.rules.items() if name != "required"}
            return replace(item, required=False, rules=rules)
        return replace(item, readonly=True)

    pages = tuple(_bind_page(page, bind) for page in form.pages)
    return replace(form, pages=pages, order=tuple(map(bind, form.order)))


def _bind_page(page: FormPage, bind: Any) -> FormPage:
    return replace(page, fields=tuple(map(bind, page.fields)))


def confirm_facts(stored: Mapping[str, Mapping[str, Any]], keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the facts of a draft, those on a page that the person went on from confirmed."""
    return {key: {**row, "is_confirmed": row.get("is_confirmed", False) or key in keys} for key, row in stored.items()}


def drop_facts(data: Mapping[str, Any], stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the answers without those that registers gave: another person is meant now."""
    return _without(data, [key for key, row in stored.items() if row["value"] is not None])


def _without(data: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    return put_answers(data, dict.fromkeys(keys)) if keys else dict(data)


def claimed_data(data: Mapping[str, Any], facts: Mapping[str, HeldFact]) -> dict[str, Any]:
    """Return the answers as the person says they are: a wrong register does not stop a filing by the form's checks."""
    return put_answers(data, {key: fact.typed for key, fact in facts.items() if fact.state == "disputed"})


def find_overwritten(
    raw: Mapping[str, Sequence[str]], facts: Mapping[str, HeldFact], fields: Collection[Field]
) -> tuple[tuple[str, str], ...]:
    """Return (key, sentence) for each held fact for which a request carries another value: it is refused."""
    by_key = {item.key: item for item in fields}
    return tuple(
        (
            key,
            N_(
                "Giá trị này lấy từ sổ dữ liệu nên không sửa được ở đây. Nếu sổ ghi sai, hãy bấm “Không đúng?” "
                "để báo cơ quan quản lý sổ."
            ),
        )
        for key, fact in facts.items()
        if fact.state in FIXED and key in by_key and _is_other(raw, key, fact.value)
    )


def _is_other(raw: Mapping[str, Sequence[str]], key: str, value: Any) -> bool:
    if key in raw:
        sent = [each for each in raw[key] if each.strip()]
        kept = [str(each) for each in value] if isinstance(value, list) else [_plain(value)]
        return bool(sent) and sorted(sent) != sorted(kept)
    parts = [(raw.get(f"{key}-{part}") or [""])[-1].strip() for part in ("year", "month", "day")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return False
    return f"{int(parts[0]):04d}-{int(parts[1]):02d}-{int(parts[2]):02d}" != str(value)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def may_dispute(fact: HeldFact | None, *, claimed: Any, reason: str) -> Verdict:
    """Return whether a dispute is complete: a fact that a register gave, another value, and why."""
    if fact is None or fact.state not in FIXED:
        return _no("fact_not_held", N_("Câu trả lời này không lấy từ sổ dữ liệu; bạn có thể sửa ngay trên tờ khai."))
    if claimed in (None, "", []):
        return _no("claim_missing", N_("Hãy ghi giá trị đúng."))
    if claimed == fact.value:
        return _no("claim_same", N_("Giá trị bạn ghi giống với sổ. Hãy ghi giá trị đúng, hoặc quay lại tờ khai."))
    if not reason.strip():
        return _no("claim_without_reason", N_("Hãy ghi vì sao giá trị trong sổ không đúng, ví dụ theo giấy tờ nào."))
    return Verdict(allowed=True)


def may_decide(facts: Sequence[FactInfo]) -> Verdict:
    """Return whether the office may decide: nothing that a register still has to say is open."""
    pending = [fact for fact in facts if fact.is_pending]
    if not pending:
        return Verdict(allowed=True)
    return _no(
        "facts_pending",
        N_(
            "Chưa quyết định được hồ sơ này, còn chờ: %(names)s. Việc sẽ mở lại khi có câu trả lời.",
            names=join((why_pending(fact) for fact in pending), separator="; "),
        ),
    )


def may_sign(facts: Sequence[FactInfo], *, drawn_at: datetime) -> Verdict:
    """Return whether a drawn result may be signed: nothing is open, and nothing was settled after it was drawn."""
    verdict = may_decide(facts)
    if not verdict.allowed:
        return verdict
    if any(fact.settled_at is not None and fact.settled_at > drawn_at for fact in facts):
        return _no(
            "facts_newer_than_draft",
            N_("Có dữ liệu được đính chính sau khi soạn dự thảo. Hãy trả lại chuyên viên để soạn lại."),
        )
    return Verdict(allowed=True)


def list_held_fields(facts: Sequence[FactInfo]) -> dict[str, str]:
    """Return, by question, the register that answered it or has yet to answer: nobody may ask the applicant for it.

    Only what no register could say in the end is the applicant's to say.
    Source: Decree 224/2026/NĐ-CP, Art. 15; in force 2026-06-24.
    """
    return {fact.field_key: _name_holder(fact) for fact in facts if fact.settled_state != "none"}


def _name_holder(fact: FactInfo) -> str:
    name = fact.register_name[:1].lower() + fact.register_name[1:]
    return fact.held_by or N_("Sổ %(register)s", register=name)


def may_ask_applicant(keys: Collection[str], *, held: Mapping[str, str]) -> Verdict:
    """Return whether these questions and papers may be asked of the applicant: nothing that the city already has."""
    names = sorted({held[key] for key in keys if key in held})
    if not names:
        return Verdict(allowed=True)
    return _no(
        "supplement_held",
        N_(
            "Không được yêu cầu người nộp bổ sung điều cơ quan nhà nước đã có: %(names)s. Hãy dùng dữ liệu ấy, hoặc đề "
            "nghị cơ quan quản lý sổ đính chính.",
            names=join(names, separator="; "),
        ),
    )


def why_pending(fact: FactInfo) -> str:
    """Return in one phrase whom the decision waits for."""
    if fact.state == "awaited":
        return N_("sổ %(register)s trả lời về “%(label)s”", register=fact.register_name, label=fact.label)
    if not fact.correction_code:
        return N_("mở việc đính chính “%(label)s” ở sổ %(register)s", register=fact.register_name, label=fact.label)
    return N_(
        "kết quả đính chính %(code)s về “%(label)s” ở sổ %(register)s",
        code=fact.correction_code, register=fact.register_name, label=fact.label,
    )  # fmt: skip


def settled_answers(data: Mapping[str, Any], facts: Sequence[FactInfo]) -> dict[str, Any]:
    """Return the answers on which the office decides: as filed, with what owners and registers have settled since."""
    later = {fact.field_key: fact.settled_value for fact in facts if fact.settled_state in ("found", "corrected")}
    changed = {key: value for key, value in later.items() if read_answer_at(data, key) != value}
    return put_answers(data, changed) if changed else dict(data)


def may_settle_correction(*, decision: str, value: Any, note: str) -> Verdict:
    """Return whether an owner's answer is complete: the right value, or why the register stays as it is."""
    if decision == "accepted" and value in (None, "", []):
        return _no("correction_without_value", N_("Hãy ghi giá trị đúng để đưa vào sổ."))
    if decision == "refused" and not note.strip():
        return _no("correction_without_reason", N_("Hãy ghi lý do giữ nguyên sổ để người đề nghị biết."))
    return Verdict(allowed=True)


def minutes_until_retry(tries: int) -> int:
    """Return after how many minutes a register that was down is asked again."""
    return RETRY_MINUTES[min(tries, len(RETRY_MINUTES) - 1)]


def _no(code: str, message: str) -> Verdict:
    return Verdict(allowed=False, code=code, message=message)
