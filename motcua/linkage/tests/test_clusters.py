"""Groups: every record in one, no weak bridge left, refused pairs apart; standing follows from the links alone."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.linkage.rules.arranging import arrange, find_component
from motcua.linkage.rules.clustering import MAX_GROUP, Edge, find_bridges, find_groups, split_group
from motcua.linkage.rules.conflicts import conflict

BRIDGE = 10.0
_EDGES = st.dictionaries(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(1, 20),
    max_size=16,
).map(lambda found: [(one, other, weight) for (one, other), weight in found.items()])
_PAIRS = st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]), max_size=3)


def _joined(edges: list[Edge], one: int, other: int) -> bool:
    return any({one, other} <= group for group in find_groups(range(9), edges))


@pytest.mark.slow
@given(_EDGES)
def test_a_bridge_is_a_pair_without_which_its_two_fall_apart(edges: list[Edge]) -> None:
    plain = {edge for edge in edges if not _joined([each for each in edges if each != edge], edge[0], edge[1])}
    assert set(find_bridges(edges)) == plain


@pytest.mark.slow
@settings(max_examples=80)
@given(_EDGES, _PAIRS, _PAIRS)
def test_no_group_is_held_by_a_weak_bridge(
    edges: list[Edge], against: set[tuple[int, int]], refused: set[tuple[int, int]]
) -> None:
    split = split_group(
        range(9), edges, bridge_weight=BRIDGE, conflicts=lambda a, b: (min(a, b), max(a, b)) in against, refused=refused
    )
    assert sorted(member for group in split.groups for member in group) == list(range(9))
    kept = [edge for edge in edges if edge not in split.cut]
    assert {frozenset(group) for group in split.groups} == set(find_groups(range(9), kept))
    for group in split.groups:
        inside = [edge for edge in kept if edge[0] in group]
        assert not any({one, other} <= set(group) for one, other in refused)
        if len(group) < 3:
            continue
        for bridge in find_bridges(inside):
            assert bridge[2] >= BRIDGE
            sides = find_groups(group, [edge for edge in inside if edge != bridge])
            assert not any((min(a, b), max(a, b)) in against for a in sides[0] for b in sides[1])


@pytest.mark.slow
@given(_EDGES)
def test_a_group_with_no_fault_is_left_as_it_is(edges: list[Edge]) -> None:
    heavy = [(one, other, weight + BRIDGE) for one, other, weight in edges]
    assert split_group(range(9), heavy, bridge_weight=BRIDGE, conflicts=lambda a, b: False).cut == ()


def test_a_group_larger_than_anybody_is_cut() -> None:
    size = MAX_GROUP + 5
    chain = [(at, at + 1, 30.0 + at) for at in range(size - 1)]
    split = split_group(range(size), chain, bridge_weight=BRIDGE, conflicts=lambda a, b: False)
    assert max(len(group) for group in split.groups) <= MAX_GROUP
    assert split.cut


def _record(**said: object) -> dict[str, object]:
    blank = dict.fromkeys(("name", "family", "given", "birth", "id12", "id9", "idno", "sex"))
    return blank | {"given_common": 1} | said


def test_one_contradiction_is_no_conflict_two_are() -> None:
    one = _record(name="tran an", given="an", birth="19900307", id12="079190000001", sex="m")
    assert not conflict(one, one)
    assert not conflict(one, one | {"id12": "001188654321"})
    assert conflict(one, one | {"id12": "001188654321", "given": "binh", "name": "tran binh"})
    assert not conflict(one, one | {"id12": "079190000010", "given": "binh", "name": "tran binh"})
    assert not conflict(one, _record())


_IDS = [UUID(int=number) for number in range(1, 8)]
_LINKS = st.sets(
    st.tuples(st.sampled_from(_IDS), st.sampled_from(_IDS)).filter(lambda pair: pair[0] != pair[1]), max_size=8
)


@pytest.mark.slow
@given(_LINKS, st.dictionaries(st.sampled_from(_IDS), st.sampled_from(["people", "pupils"])))
def test_one_head_for_each_group_and_register(links: set[tuple[UUID, UUID]], registers: dict[UUID, str]) -> None:
    records = {each: registers.get(each, "people") for each in _IDS}
    wanted = arrange(records, links, standing={})
    for each in _IDS:
        head = wanted.get(each, each)
        assert head not in wanted
        assert records[head] == records[each]
        assert head in find_component({each}, links)
        same = [other for other in find_component({each}, links) if records[other] == records[each]]
        assert {wanted.get(other, other) for other in same} == {head}


@pytest.mark.slow
@given(_LINKS)
def test_what_stands_already_is_left_standing(links: set[tuple[UUID, UUID]]) -> None:
    records = dict.fromkeys(_IDS, "people")
    first = arrange(records, links, standing={})
    assert arrange(records, links, standing=first) == first
