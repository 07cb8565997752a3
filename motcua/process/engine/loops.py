"""Activities done several times: parallel and sequential multi-instance, and the standard loop.

The body is a token with `mi` in its scope; each round is a token (or sub-process) in it, with variables of its own.
Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 10.3.7 and 13.3.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.engine.board import Board
from motcua.process.engine.values import compute, count_of, holds
from motcua.process.feel import Expression
from motcua.process.types import ComputationFailed, Element, Loop, ProcessStuckError

MAX_ROUNDS = 10_000


def open_body(board: Board, element: Element, loop: Loop, body: str) -> None:
    """Decide how many rounds there are and let the first (or all) of them begin."""
    if loop.form == "standard":
        count = 1
        if loop.test_before and not _goes_on(board, loop, body, 0):
            count = 0
        board.scopes[body] = {"mi": {"i": 0, "d": 0}}
    else:
        count = _count_rounds(board, element, loop, body)
        record: dict[str, Any] = {"n": count, "i": 0, "d": 0}
        if loop.output_collection:
            record["out"] = [None] * count
        board.scopes[body] = {"mi": record}
    for _ in range(count if loop.form == "parallel" else min(count, 1)):
        board.enqueue(element, None, body)


def next_round(board: Board, element: Element, loop: Loop, body: str) -> tuple[int, dict[str, Any]]:
    """Begin a round: return its place in the collection and its own variables."""
    record = board.scopes[body]["mi"]
    index = record["i"]
    record["i"] = index + 1
    own: dict[str, Any] = {"loopCounter": index + 1}
    if loop.collection is not None and loop.element_variable:
        items = compute(board, loop.collection, board.visible(board.scope_of(body)))
        own[loop.element_variable] = items[index] if isinstance(items, list) and index < len(items) else None
    output = loop.output_element
    if output is not None and len(output.paths) == 1:
        (path,) = output.paths
        own.setdefault(path[0], None)  # what one round computes is not seen by the others
    return index, own


def end_round(board: Board, element: Element, loop: Loop, token: str, body: str) -> bool:
    """Count a finished round and let the next one begin; true when the completion condition stops all others."""
    record = board.scopes[body]["mi"]
    record["d"] += 1
    if "out" in record and loop.output_element is not None:
        record["out"][board.scopes[token]["i"]] = compute(board, loop.output_element, board.visible(token))
    if loop.form == "standard":
        if record["d"] < (loop.maximum or MAX_ROUNDS) and _goes_on(board, loop, token, record["d"]):
            board.enqueue(element, None, body)
        return False
    if loop.condition is not None and _is_complete(board, loop.condition, board.visible(token), record):
        return True
    if loop.form == "sequential" and record["i"] < record["n"]:
        board.enqueue(element, None, body)
    return False


def close_body(board: Board, loop: Loop, body: str) -> None:
    """Hand the collected results out."""
    record = board.scopes[body]["mi"]
    if loop.output_collection:
        board.write(board.scope_of(body), {loop.output_collection: record.get("out", [])})


def _count_rounds(board: Board, element: Element, loop: Loop, body: str) -> int:
    seen = board.visible(board.scope_of(body))
    if loop.collection is not None:
        items = compute(board, loop.collection, seen)
        if items is None:
            items = []
        if not isinstance(items, list):
            raise ComputationFailed(element.id, N_("danh sách của việc nhiều lần không phải là danh sách."))
        return count_of(element, len(items))
    if loop.cardinality is None:
        raise ProcessStuckError(N_("“%(name)s” chưa ghi số lần làm.", name=element.name or element.id), element.id)
    return count_of(element, compute(board, loop.cardinality, seen))


def _goes_on(board: Board, loop: Loop, place: str, done: int) -> bool:
    if loop.condition is None:
        return loop.maximum is not None and done < loop.maximum
    return holds(board, loop.condition, {**board.visible(place), "loopCounter": done})


def _is_complete(board: Board, condition: Expression, seen: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    done, begun, count = record["d"], record["i"], record["n"]
    counts = {
        "numberOfInstances": count, "numberOfActiveInstances": begun - done,
        "numberOfCompletedInstances": done, "numberOfTerminatedInstances": 0,
        "nrOfInstances": count, "nrOfActiveInstances": begun - done, "nrOfCompletedInstances": done,
    }  # fmt: skip
    return holds(board, condition, {**seen, **counts})
