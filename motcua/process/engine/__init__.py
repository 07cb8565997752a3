"""The token game: start a process, give it events, ask where it stands."""

from motcua.process.engine.running import MAX_STEPS, advance, can_receive, open_elements, open_events, start

__all__ = ["MAX_STEPS", "advance", "can_receive", "open_elements", "open_events", "start"]
