"""The road from decoded text to articles: the stages in their order, which is code and not a setting.

Reflow stands before simplify by law: t2s("乾坤") keeps 乾坤, but t2s("乾\\n坤") would make it 干\\n坤.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from cleanup.document import Draft
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook
from cleanup.stages import reflow, rejoin, repair, simplify

Propose = Callable[[Draft, Rulebook, Options], Proposal]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its name, what it does, and how often it may look again at what it has changed.

    `passes` above one is for stages whose rules open the way for each other; each pass is a layer of its own.
    `filters` tells that the stage only rewrites text in place: the pre-commit hook runs these alone. `whole` tells that
    it sees what an earlier stage has set aside behind the text, too; all others are shown the text without it.
    """

    name: str
    does: str
    propose: Propose
    passes: int = 1
    filters: bool = True
    whole: bool = False


def _when_needed(name: str) -> Propose:
    """Return a stage that is loaded when it first runs: the hook, which must start fast, runs none of these."""

    def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
        stage: Propose = import_module(f"cleanup.stages.{name}").propose
        return stage(draft, book, options)

    return propose


STAGES = (
    Stage("repair", "characters a machine broke: controls, radicals, mojibake, line ends", repair.propose, passes=8),
    Stage("pages", "running heads and page numbers: set aside", _when_needed("pages"), filters=False),
    Stage("columns", "columns side by side on one line, or line by line", _when_needed("columns"), filters=False),
    Stage("reflow", "the lines of a paragraph become one line", reflow.propose),
    Stage("rejoin", "spaces, split numbers and words, marks and widths", rejoin.propose, passes=8),
    Stage("simplify", "stray traditional runs", simplify.propose, passes=2),
    Stage("suspects", "probable misreadings: reported, never changed", _when_needed("suspects"), filters=False),
    Stage("separate", "articles, their order and their roles", _when_needed("separate"), filters=False, whole=True),
)
