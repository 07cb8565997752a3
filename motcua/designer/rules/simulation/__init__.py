"""Play a draft before it is published: how long, how long the queues, how many late."""

from motcua.designer.rules.simulation.load import durations_from_history, poisson_arrivals
from motcua.designer.rules.simulation.play import simulate

__all__ = ["durations_from_history", "poisson_arrivals", "simulate"]
