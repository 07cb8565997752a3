from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from motcua.outbox.rules import MAX_ATTEMPTS, next_try
from motcua.outbox.tests.factories import NOW

chances = st.floats(min_value=0, max_value=0.999)


@given(attempts=st.integers(1, MAX_ATTEMPTS - 1), chance=chances)
def test_a_failure_waits_between_half_and_all_of_its_doubling_step(attempts: int, chance: float) -> None:
    at = next_try(NOW, attempts=attempts, chance=chance)
    assert at is not None
    longest = min(5 * 2 ** (attempts - 1), 3600)
    assert timedelta(seconds=longest / 2) <= at - NOW <= timedelta(seconds=longest)


@given(attempts=st.integers(MAX_ATTEMPTS, 100), chance=chances)
def test_the_eighth_failure_is_the_last(attempts: int, chance: float) -> None:
    assert next_try(NOW, attempts=attempts, chance=chance) is None
