"""The readings of a page that settle.py tries, and what it lets go of to part two articles."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleanup.assembly.bodies import gather_bodies
from cleanup.assembly.cohesion import Cohesion, Vectors
from cleanup.assembly.judging import Evidence, State, judge, load_weights
from cleanup.assembly.links import Link
from cleanup.assembly.roles import LABEL, LABELS
from cleanup.assembly.settle import beginnings, parted, settle
from cleanup.language.continuation import Gaps

Names = list[str]


def evidence(names: Names, cut_odds: list[float], links: tuple[Link, ...] = ()) -> Evidence:
    """Return what witnesses say of passages of given labels that share no word."""
    count = len(names)
    nothing = Vectors(np.zeros((count, 1), dtype=np.float32), np.zeros(count))
    odds = np.full((count, len(LABELS)), 0.01)
    odds[np.arange(count), [LABEL[name] for name in names]] = 0.91
    body = np.array([row for row, name in enumerate(names) if name == "paragraph"], dtype=np.int64)
    blank = np.zeros(count, dtype=np.int64)
    silent = Gaps(np.zeros((count, 1), dtype=np.float32), np.zeros(count, dtype=np.float32))
    cohesion = Cohesion(nothing, nothing, silent, silent)
    return Evidence(odds, body, np.array(cut_odds), links, blank, blank, blank > 0, cohesion)


def labels(names: Names) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([LABEL[name] for name in names])


def bodies(page: Evidence, state: State) -> list[list[int]]:
    odds = np.where(state.cuts, 1.0, -1.0)
    return gather_bodies(page.body, odds, list(state.links), page.dateline, state.kindred)


def test_a_cut_alone_parts_what_nothing_else_holds_together() -> None:
    page = evidence(["paragraph"] * 4, [-1.0, -2.0, -1.0])
    state = parted(page, State(labels(["paragraph"] * 4), np.zeros(3, dtype=np.bool_), ()), 1)
    assert state.cuts.tolist() == [False, True, False]


def test_to_part_two_articles_the_weaker_tie_is_let_go() -> None:
    link = Link(0, 3, 0.95)  # holds the ends together over the cut in the middle
    page = evidence(["paragraph"] * 4, [-1.0, -2.0, -5.0], (link,))
    state = parted(page, State(labels(["paragraph"] * 4), np.zeros(3, dtype=np.bool_), (link,)), 1)
    assert state.links == (link,)  # a cut at -1.0 costs less than a link of log-odds 2.9
    assert state.cuts.tolist() == [True, True, False]
    assert sorted(sorted(rows) for rows in bodies(page, state)) == [[0, 2, 3], [1]]


@given(
    st.lists(st.floats(-6, 6), min_size=1, max_size=9),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0.5, 0.99)), max_size=4),
    st.data(),
)
def test_what_is_parted_is_apart(odds: list[float], drawn: list[tuple[int, int, float]], data: st.DataObject) -> None:
    count = len(odds) + 1
    links: list[Link] = []
    for left, right, sure in drawn:
        ends = {link.left for link in links}, {link.right for link in links}
        if left < right < count and left not in ends[0] and right not in ends[1]:
            links.append(Link(left, right, sure))
    names = ["paragraph"] * count
    page = evidence(names, odds, tuple(links))
    gap = data.draw(st.integers(0, count - 2))
    state = parted(page, State(labels(names), page.cut_odds > 0, tuple(links)), gap)
    owner = {row: number for number, rows in enumerate(bodies(page, state)) for row in rows}
    assert owner[gap] != owner[gap + 1]


def test_a_page_is_begun_to_be_read_with_a_cut_at_every_headline() -> None:
    names = ["title", "paragraph", "title", "paragraph", "paragraph", "title", "paragraph"]
    page = evidence(names, [-1.0, -1.0, -1.0])
    begun = [state.cuts.tolist() for state in beginnings(page, labels(names))]
    assert begun[0] == [False, False, False]
    assert [True, False, True] in begun


def test_settling_never_leaves_a_worse_reading_than_it_began_with() -> None:
    for names in itertools.product(("title", "paragraph", "heading"), repeat=4):
        gaps = max(names.count("paragraph") - 1, 0)
        page = evidence(list(names), [0.3] * gaps)
        weights = load_weights()
        first = max(judge(page, state, weights).score for state in beginnings(page, labels(list(names))))
        assert settle(page, labels(list(names)), weights).score >= first


def test_what_a_link_kept_apart_is_parted_too_when_the_link_goes() -> None:
    links = (Link(0, 4, 0.5), Link(3, 5, 0.5))
    page = evidence(["paragraph"] * 6, [0.0] * 5, links)
    state = parted(page, State(labels(["paragraph"] * 6), np.zeros(5, dtype=np.bool_), links), 4)
    owner = {row: number for number, rows in enumerate(bodies(page, state)) for row in rows}
    assert owner[4] != owner[5]


def test_what_reads_like_a_paragraph_by_a_little_may_be_the_title_that_an_article_lacks() -> None:
    names = ["title", "paragraph", "paragraph", "paragraph", "paragraph", "paragraph"]
    page = evidence(names, [-2.0, -0.5, -0.5, -2.0])
    page.role_odds[3, [LABEL["title"], LABEL["paragraph"]]] = 0.42, 0.5
    settled = settle(page, labels(names), load_weights())
    assert settled.state.labels[3] == LABEL["title"]
    assert settled.bodies == [[1, 2], [4, 5]]
    assert len(settled.named) == len(settled.bodies)


def test_a_title_among_body_passages_parts_them_only_where_an_article_ends() -> None:
    names = ["paragraph"] * 3
    page = evidence(names, [-1.0, -1.0])
    state = State(labels(names), np.zeros(2, dtype=np.bool_), ()).relabelled(1, LABEL["title"], -1.0)
    assert judge(page, state, load_weights()).bodies == [[0, 2]]
    for gap in (0, 1):
        assert judge(page, state.cut(gap, here=True), load_weights()).bodies == [[0], [2]]
