"""A user's decisions about a source: read from a file, and put before what the stages propose.

Nothing here looks at a text to decide; it finds the places that were decided on and says there what the user said.
"""

from cleanup.decisions.file import DECISION, SUFFIX, Decisions, DecisionsError, read
from cleanup.decisions.overrule import overrule, replacements

__all__ = ["DECISION", "SUFFIX", "Decisions", "DecisionsError", "overrule", "read", "replacements"]
