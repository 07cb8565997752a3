"""Whether a drawing always comes to a proper end: found before it runs, by exploring its states."""

from motcua.process.soundness.check import MAX_STATES, check_soundness
from motcua.process.soundness.faults import Fault, Verdict

__all__ = ["MAX_STATES", "Fault", "Verdict", "check_soundness"]
