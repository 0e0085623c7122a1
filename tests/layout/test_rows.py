"""Printed lines that came in pieces are put together again; whole lines are left as they are."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleanup.layout.groups import PLACES, ROWS, STARTS, TONES
from cleanup.layout.rows import find_rows, find_trimmed

CLOSED, PAUSE, BARE = (TONES.index(name) for name in ("closed", "pause", "bare"))
HAN, QUOTE, MARK = (STARTS.index(name) for name in ("han", "quote", "closed"))
INSIDE = PLACES.index("inside")


def found(
    widths: list[int], tones: list[int], starts: list[int], measure: int, slack: int = 1
) -> tuple[list[str], list[int]]:
    """The kind of printed line each line end lies in, and the widths of the lines as they were printed."""
    count = len(widths)
    rows = find_rows(
        np.array(widths), np.full(count, slack), np.full(count, measure), np.array(tones), np.array(starts)
    )
    return [ROWS[kind] for kind in rows.inside.tolist()], rows.extent.tolist()


def test_pieces_that_add_up_to_the_measure_are_one_line() -> None:
    inside, widths = found([40, 10, 30, 40, 12], [BARE, PAUSE, BARE, BARE, CLOSED], [HAN] * 5, 40)
    assert inside == ["none", "exact", "none", "none"]
    assert widths == [40, 40, 40, 40, 12]


def test_a_first_line_in_pieces_lacks_its_indent() -> None:
    inside, widths = found([12, 8, 12, 16, 40, 12], [CLOSED, PAUSE, PAUSE, BARE, BARE, CLOSED], [HAN] * 6, 40)
    assert inside == ["none", "indented", "indented", "none", "none"]
    assert widths[1] == 36


def test_a_last_line_and_a_first_line_are_not_one_though_they_add_up() -> None:
    inside, _ = found([40, 4, 36, 40, 14], [BARE, CLOSED, BARE, BARE, CLOSED], [HAN] * 5, 40)
    assert inside == ["none"] * 4


def test_what_begins_with_a_closing_mark_belongs_to_the_line_before() -> None:
    inside, _ = found([36, 16, 10, 36, 20], [CLOSED] * 5, [HAN, QUOTE, MARK, HAN, HAN], 40)
    assert inside == ["none", "short", "none", "none"]


def test_two_marks_that_meet_part_a_line_now_and_then() -> None:
    widths, tones, starts = np.array([40, 22, 18, 40]), np.array([BARE, PAUSE, BARE, BARE]), np.array([0, 0, QUOTE, 0])
    _, inside = find_trimmed(widths, np.ones(4, dtype=np.int64), np.full(4, 40), tones, starts)
    assert [ROWS[kind] for kind in inside.tolist()] == ["none", "exact", "none"]


@given(st.integers(12, 40), st.integers(1, 6), st.randoms(use_true_random=False))
def test_a_column_whose_every_line_is_cut_at_a_comma(em: int, paragraphs: int, rng: Random) -> None:
    """Full lines and first lines, each cut in two behind a comma, come together, none with its neighbour."""
    measure, widths, tones, wanted = 2 * em, [], [], []
    for _ in range(paragraphs):
        for line, width in enumerate([measure - 4] + [measure] * rng.randint(2, 5)):
            cut = 2 * rng.randint(1, em - 5)
            widths += [cut, width - cut]
            tones += [PAUSE, BARE]
            wanted += ["exact" if line else "indented", "none"]
        widths.append(2 * rng.randint(1, em - 6))
        tones.append(CLOSED)
        wanted.append("none")
    assert found(widths, tones, [HAN] * len(widths), measure)[0] == wanted[:-1]


@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.integers(0, 9), st.integers(0, len(TONES) - 1), st.sampled_from((HAN, MARK))),
        min_size=1,
        max_size=30,
    ),
    st.integers(2, 80),
)
def test_places_and_ends_agree_on_any_lines(lines: list[tuple[int, int, int, int]], measure: int) -> None:
    """A printed line opens, goes on and closes; nobody else's line end lies inside it."""
    widths, slack, tones, starts = (np.array(column) for column in zip(*lines, strict=True))
    rows = find_rows(widths, slack, np.full(len(lines), measure), tones, starts)
    names = [PLACES[place].split()[0] for place in rows.place.tolist()]
    for row, kind in enumerate(rows.inside.tolist()):
        assert (kind > 0) == (names[row] in ("opens", "inside")) == (names[row + 1] in ("inside", "closes"))
    assert (rows.extent[rows.place == 0] == widths[rows.place == 0]).all()
