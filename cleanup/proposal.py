"""What a stage hands to the pipeline: it proposes, the pipeline applies, so no change can escape the journal."""

from __future__ import annotations

from dataclasses import dataclass, field

from cleanup.arrangement import Arrangement
from cleanup.document import Aside, Boundary, Finding
from cleanup.edits import Order, Proposals


@dataclass(frozen=True, slots=True)
class Proposal:
    """First an order of spans, then edits counted in the ordered text, and what was noticed on the way.

    A stage that plans whole articles gives an `arrangement` instead of an order and edits. `breaks` are line ends kept
    as paragraph breaks, `findings` probable misreadings, `aside` what belongs to the page and not to the text,
    which the order moves behind it; all are counted in the text the stage saw.
    """

    edits: Proposals = field(default_factory=Proposals)
    order: Order | None = None
    arrangement: Arrangement | None = None
    findings: tuple[Finding, ...] = ()
    breaks: tuple[Boundary, ...] = ()
    aside: tuple[Aside, ...] = ()
