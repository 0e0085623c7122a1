"""Kickers and names that name no body make no article of their own: they go to the body they stand nearest to."""

from __future__ import annotations

import numpy as np
import pytest

from cleanup import markers, rulebook
from cleanup.assembly.cohesion import measure_cohesion
from cleanup.assembly.headlines import find_headlines
from cleanup.assembly.judging import Settled, State
from cleanup.assembly.passages import find_passages
from cleanup.assembly.plan import plan
from cleanup.assembly.reading import Reading
from cleanup.assembly.roles import LABEL, LABELS
from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.options import Options

DRY = "入夏以来，清河县持续高温少雨，三座水库的蓄水量降到历年同期最低。"


@pytest.mark.parametrize(
    ("roles", "named", "made"),
    [
        (("title", "paragraph", "kicker"), {0: 0}, [["kicker", "title", "paragraph"]]),
        (("kicker", "byline", "paragraph"), {}, [["kicker", "byline", "paragraph"]]),
        (("paragraph", "kicker", "paragraph", "paragraph"), {}, [["kicker", "paragraph"], ["paragraph", "paragraph"]]),
        (("title", "paragraph", "title"), {0: 0}, [["title", "paragraph"], ["title"]]),
    ],
)
def test_spare_lines_make_no_article(roles: tuple[str, ...], named: dict[int, int], made: list[list[str]]) -> None:
    texts = {"title": "清河县打井引水保玉米", "kicker": "老街坊", "byline": "□ 李平", "paragraph": DRY}
    draft = Draft("\n\n".join(texts[role] for role in roles) + "\n")
    model = ngrams.load()
    passages = find_passages(draft, markers.load(), model, rulebook.load().tables)
    labels = np.array([LABEL[role] for role in roles])
    rows = np.flatnonzero(labels == LABEL["paragraph"]).tolist()
    bodies = [rows[:1], rows[1:]] if len(rows) > 1 else [rows]
    headlines = find_headlines(labels)
    cuts = np.zeros(max(len(rows) - 1, 0), dtype=np.bool_)
    odds = dict.fromkeys(named, 1.0)
    settled = Settled(State(labels, cuts, ()), bodies, headlines, named, odds, np.zeros(0), 0.0)
    reading = Reading(np.eye(len(LABELS))[labels], settled, np.ones(len(bodies)), {})
    arranged = plan(draft, passages, reading, measure_cohesion(passages, model), markers.load(), Options())
    assert [[block.role for block in article.blocks] for article in arranged.articles] == made
