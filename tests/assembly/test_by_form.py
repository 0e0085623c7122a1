"""What a passage cannot be by its form, whatever it looks like."""

from __future__ import annotations

import numpy as np

from cleanup import markers, rulebook
from cleanup.assembly.by_form import no_headlines
from cleanup.assembly.passages import find_passages
from cleanup.assembly.roles import LABEL, LABELS
from cleanup.document import Draft
from cleanup.language import ngrams


def test_several_sentences_head_nothing() -> None:
    lines = ["为了增收，全村办起了工厂。产品卖到外省，人人都有了活干。", "全村办起工厂，人人有活干"]
    draft = Draft("\n\n".join(lines) + "\n")
    passages = find_passages(draft, markers.load(), ngrams.load(), rulebook.load().tables)
    odds = np.full((2, len(LABELS)), 1 / len(LABELS))
    told = no_headlines(passages, odds)
    assert told[0, LABEL["heading"]] == told[0, LABEL["title"]] == 0
    assert np.isclose(told[0].sum(), 1)
    assert (told[1] == odds[1]).all()
