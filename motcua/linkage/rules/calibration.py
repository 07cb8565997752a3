"""Thresholds from what was measured on a set of their own, never on the set that is judged. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

LINKS = tuple(float(weight) for weight in range(-6, 17, 1))
BRIDGES = (0.0, 3.0, 6.0, 10.0)  # bits above the threshold of a link
_WORTH_A_LOOK = 0.03  # a band of weights in which so few are one person is not shown to anybody
_MOST_BELOW = 12.0


def choose_weights(measure: Callable[[float, float], tuple[float, float]], *, target: float) -> tuple[float, float]:
    """Return the weights of link and bridge with the best recall among those that reach the precision asked for.

    `measure` gives (precision, recall). For each bridge the link's weight is searched; of equal recall the lower
    bridge is taken; when none reaches the target, the most precise.
    """
    tried: list[tuple[bool, float, float, float, float]] = []
    for above in BRIDGES:
        link = _find_link(measure, above, target)
        precision, recall = measure(link, link + above)
        reached = precision >= target
        tried.append((reached, round(recall if reached else precision, 4), -above, link, link + above))
    best = max(tried)
    return best[3], best[4]


def choose_best(measure: Callable[[float, float], tuple[float, float]]) -> tuple[float, float]:
    """Return the weights of link and bridge with the highest F1: where nothing grave follows from a link."""
    tried = [(_f1(*measure(link, link + above)), -above, link) for link in LINKS[::2] for above in BRIDGES]
    _best, above, link = max(tried)
    return link, link - above


def _f1(precision: float, recall: float) -> float:
    return round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0


def _find_link(measure: Callable[[float, float], tuple[float, float]], above: float, target: float) -> float:
    """Return the least weight of a link from which the precision is reached, by halving: it grows with the weight."""
    low, high = 0, len(LINKS) - 1
    while low < high:
        middle = (low + high) // 2
        if measure(LINKS[middle], LINKS[middle] + above)[0] >= target:
            high = middle
        else:
            low = middle + 1
    return LINKS[low]


def choose_review(bands: Sequence[tuple[float, int, int]], *, link: float) -> float:
    """Return the weight from which pairs are worth a person's look. `bands`: lower edge, pairs of one person, pairs."""
    review = link
    together: dict[float, tuple[int, int]] = {}
    for low, right, total in bands:
        before = together.get(low, (0, 0))
        together[low] = (before[0] + right, before[1] + total)
    for low, (right, total) in sorted(together.items(), reverse=True):
        if low >= link:
            continue
        if low < link - _MOST_BELOW or (total and right / total < _WORTH_A_LOOK):
            break
        review = low
    return review
