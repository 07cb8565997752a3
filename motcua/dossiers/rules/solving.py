"""Which paper need not be handed in: judge what registers, the vault and earlier results say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal

from motcua.dossiers.types.solving import Evidence, SolvedPaper
from motcua.kernel.messages import N_
from motcua.kernel.text import fold

Judgement = Literal["counts", "expired", "revoked", "other"]
SPARING_PURPOSE: Final = "Không yêu cầu nộp giấy tờ đã có trong cơ sở dữ liệu"
SPARING_GROUND: Final = "Nghị định 118/2025/NĐ-CP; Luật Dữ liệu 60/2024/QH15"
SOLVED_FOR: Final = timedelta(minutes=10)  # how long an answer stands before the sources are asked again


def judge(evidence: Evidence, *, answers: Mapping[str, Any], on: date) -> Judgement:
    """Say what a piece of evidence is worth on the day.

    "other": it speaks of something else than the form does, so it neither spares nor explains anything.
    """
    source = evidence.source
    if not all(_agree(evidence.data.get(field), answers.get(question)) for field, question in source.where):
        return "other"
    if source.named and not _agree(evidence.whose, answers.get(source.named)):
        return "other"
    if source.is_field and str(evidence.data.get(source.is_field, "")) not in source.is_values:
        return "other"
    if evidence.is_revoked:
        return "revoked"
    if source.when_field and str(evidence.data.get(source.when_field, "")) not in source.when_values:
        return "revoked"
    until_on = find_until(evidence)
    return "expired" if until_on is not None and until_on < on else "counts"


def find_until(evidence: Evidence) -> date | None:
    """Return the last day on which it counts: what it says itself, or so many days after its date."""
    days = evidence.source.days
    last = evidence.dated_on + timedelta(days=days) if days is not None and evidence.dated_on is not None else None
    return min((day for day in (evidence.until_on, last) if day is not None), default=None)


def solve_paper(
    code: str,
    *,
    name: str,
    found: Iterable[Evidence],
    answers: Mapping[str, Any],
    closed: Sequence[str] = (),
    on: date,
) -> SolvedPaper:
    """Return what is to be done about one paper.

    Shape: the newest evidence that counts spares it, the sources in the order of the package; without one, the first
    that no longer counts says why it is asked. `closed`: names of registers that could not be asked.
    """
    judged = [(evidence, judge(evidence, answers=answers, on=on)) for evidence in found]
    good = [evidence for evidence, worth in judged if worth == "counts"]
    if good:
        best = max(good, key=lambda each: each.dated_on or date.min)
        return SolvedPaper(
            paper_code=code,
            name=name,
            state="held",
            by=best.source.kind,
            says=_say_held(name, best),
            dated_on=best.dated_on,
            reference=dict(best.reference),
        )
    stale = next(((evidence, worth) for evidence, worth in judged if worth in ("expired", "revoked")), None)
    if stale is not None:
        return SolvedPaper(paper_code=code, name=name, state="needed", says=_say_stale(name, *stale))
    if closed:
        says = N_(
            "Chưa tra được %(registers)s vì đang tạm ngừng. Nếu có sẵn, hãy tải “%(name)s” lên; nếu không, hãy thử lại "
            "sau.",
            registers="; ".join(closed),
            name=name,
        )
        return SolvedPaper(paper_code=code, name=name, state="needed", says=says)
    return SolvedPaper(paper_code=code, name=name, state="needed")


def _agree(known: object, answer: object) -> bool:
    """Compare a record's value with an answer as people would: marks, case and spaces do not matter."""
    if known in (None, "") or answer in (None, ""):
        return False
    return fold(str(known)) == fold(str(answer))


def _say_held(name: str, best: Evidence) -> str:
    if best.dated_on is None:
        return N_("Không cần nộp: %(name)s – đã có trong %(where)s", name=name, where=best.title)
    return N_(
        "Không cần nộp: %(name)s – đã có trong %(where)s, ngày %(on)s",
        name=name,
        where=best.title,
        on=say_day(best.dated_on),
    )


def _say_stale(name: str, evidence: Evidence, worth: Judgement) -> str:
    until_on = find_until(evidence)
    if worth == "expired" and until_on is not None:
        return N_(
            "Cần nộp: %(name)s – bản có trong %(where)s đã hết hạn ngày %(on)s",
            name=name,
            where=evidence.title,
            on=say_day(until_on),
        )
    return N_(
        "Cần nộp: %(name)s – bản có trong %(where)s không còn giá trị (đã thu hồi, hủy hoặc thay thế)",
        name=name,
        where=evidence.title,
    )


def say_day(on: date) -> str:
    """Return a day as Vietnamese papers write it."""
    return f"{on:%d/%m/%Y}"
