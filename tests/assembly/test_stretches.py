"""A long text is settled stretch by stretch, and comes out as if nobody had parted it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.assembly.judging import Evidence, Settled, load_weights
from cleanup.assembly.links import Link
from cleanup.assembly.stretches import CROWDED, PAGE, settle_in_stretches
from tests.assembly.test_settle import evidence, labels

SIZE = 10  # body passages of an article
ARTICLES = PAGE // SIZE + 30
ENDS, GOES_ON = 6.0, -6.0  # log-odds of an article ending


def issue(*, after: bool = False, links: tuple[Link, ...] = ()) -> tuple[Evidence, Settled]:
    """What is read of many articles in a row, each with its title before or after it."""
    article = ["title", *["paragraph"] * SIZE]
    names = (article[::-1] if after else article) * ARTICLES
    gaps = ([GOES_ON] * (SIZE - 1) + [ENDS]) * ARTICLES
    page = evidence(names, gaps[:-1], links)
    return page, settle_in_stretches(page, labels(names), load_weights())


@pytest.mark.parametrize("after", [False, True])
def test_every_article_of_a_long_issue_has_its_own_headline(after: bool) -> None:
    page, settled = issue(after=after)
    articles = np.split(page.body, ARTICLES)
    assert settled.bodies == [article.tolist() for article in articles]
    titles = {settled.bodies[body][0]: settled.headlines[headline].rows for headline, body in settled.named.items()}
    beside = SIZE if after else -1
    assert titles == {int(article[0]): (int(article[0]) + beside,) for article in articles}
    assert set(settled.odds) == set(settled.named)


def test_a_link_holds_together_what_a_stretch_would_part() -> None:
    parted, _ = issue()
    first, last = int(parted.body[SIZE - 1]), int(parted.body[-SIZE])
    _, settled = issue(links=(Link(first, last, 0.999),))
    assert any({first, last} <= set(body) for body in settled.bodies)


def test_very_many_notices_are_told_apart_though_no_end_is_sure() -> None:
    count = CROWDED + 50
    names = ["title", "paragraph", "paragraph"] * count
    page = evidence(names, ([GOES_ON, 1.0] * count)[:-1])
    settled = settle_in_stretches(page, labels(names), load_weights())
    assert 0.95 * count < len(settled.bodies) == len(settled.named) <= count


def test_a_novel_is_one_article_however_long() -> None:
    names = ["title", *["paragraph"] * (3 * PAGE)]
    settled = settle_in_stretches(evidence(names, [GOES_ON] * (3 * PAGE - 1)), labels(names), load_weights())
    assert [len(body) for body in settled.bodies] == [3 * PAGE]


@settings(max_examples=10)
@given(st.lists(st.integers(1, 60), min_size=12, max_size=20), st.integers(0, 2**32 - 1))
def test_every_passage_stays_in_one_body_and_every_headline_in_its_place(sizes: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    names = [name for size in sizes for name in (*["title"] * int(random.integers(0, 3)), *["paragraph"] * size)]
    body = sum(sizes)
    page = evidence(names, random.normal(-1.0, 4.0, body - 1).tolist())
    settled = settle_in_stretches(page, labels(names), load_weights())
    rows = sorted(row for rows in settled.bodies for row in rows)
    assert rows == np.flatnonzero(settled.state.labels == labels(["paragraph"])[0]).tolist()
    assert len(settled.state.cuts) == body - 1
    assert all(a.rows[-1] < b.rows[0] for a, b in itertools.pairwise(settled.headlines))
    assert all(0 <= number < len(settled.bodies) for number in settled.named.values())
