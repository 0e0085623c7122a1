"""Torn passages that no link claims go on in the next one; no passage comes round to itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanup.assembly.unclaimed import as_they_stand
from cleanup.pipeline import Pipeline

PIPELINE = Pipeline()


@pytest.mark.xfail(strict=True, reason="渠道|打的 and 新|县 read well enough to be preferred to what stands next")
def test_three_passages_cut_in_two_where_they_stand() -> None:
    whole = [
        "全县新打机井四十二眼，修复渠道十八公里，清河水库向下游放水三次，缓解了旱情。",
        "在城东镇柳林村，村民老赵守着新打的机井说，井水一通，两百亩玉米就有救了。",
        "县农业局派出技术员三百多名，分赴各乡镇指导农民科学抗旱，把损失降到最低。",
    ]
    lines = ["清河县打井引水抗旱保玉米"]
    for text in whole:
        lines += [text[:15], text[15:]]
    document = PIPELINE.clean("\n\n".join(lines) + "\n")
    assert [paragraph for article in document.articles for paragraph in article.paragraphs] == whole


@given(st.sets(st.integers(0, 9)), st.permutations(range(11)), st.sets(st.integers(0, 9)))
def test_no_passage_comes_round_to_itself(asked: set[int], order: list[int], linked: set[int]) -> None:
    """Whatever links there are without a circle, none comes about."""
    follows = {order[place]: order[place + 1] for place in linked}
    rows = [row for row in sorted(asked) if row not in follows and row + 1 not in follows.values()]
    joined = follows | {link.left: link.right for link in as_they_stand(rows, follows)}
    for row in joined:
        seen, at = {row}, row
        while at in joined:
            at = joined[at]
            assert at not in seen
            seen.add(at)
