"""The laws of edits, layers and orders, on texts and changes of every kind."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleanup.edits import Layer, Order, Proposals

TEXT = st.text(alphabet=st.sampled_from("天地 玄黄\n12a，。\U00020000\ud800"), max_size=60)


@st.composite
def proposed(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]]]:
    """Draw a text and proposals for it, overlapping as they may."""
    text = draw(TEXT)
    place = st.integers(0, len(text))
    rows = draw(st.lists(st.tuples(place, place, st.text("新旧 ", max_size=3)), max_size=12))
    return text, [(min(a, b), max(a, b), new) for a, b, new in rows]


def settle(text: str, rows: list[tuple[int, int, str]]) -> Layer:
    proposals = Proposals()
    for number, (start, end, new) in enumerate(rows):
        proposals.add(start, end, new, f"rule-{number}")
    return proposals.settle(text, "stage")[0]


@given(proposed())
def test_undo_takes_back_what_apply_did(drawn: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, rows = drawn
    layer = settle(text, rows)
    assert layer.undo(layer.apply(text)) == text


@given(proposed())
def test_settled_edits_stand_apart_in_order(drawn: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, rows = drawn
    edits = list(settle(text, rows))
    for edit in edits:
        assert edit.old == text[edit.start : edit.end] != edit.new
    for before, after in pairwise(edits):
        assert before.end <= after.start
        assert (before.start, before.end) != (after.start, after.end)


@given(proposed())
def test_what_no_edit_names_stays_and_keeps_its_place(drawn: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, rows = drawn
    layer = settle(text, rows)
    after = layer.apply(text)
    touched = {at for edit in layer for at in range(edit.start, edit.end)}
    places = np.arange(len(text), dtype=np.int64)
    for at, there in zip(places.tolist(), layer.forward(places).tolist(), strict=True):
        if at not in touched:
            assert after[there] == text[at]


@given(proposed())
def test_position_maps_are_monotone_and_stay_inside(drawn: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, rows = drawn
    layer = settle(text, rows)
    after = layer.apply(text)
    forward = layer.forward(np.arange(len(text) + 1, dtype=np.int64))
    backward = layer.backward(np.arange(len(after) + 1, dtype=np.int64))
    assert np.all(np.diff(forward) >= 0) and np.all(np.diff(backward) >= 0)
    assert forward.min() >= 0 and forward.max() <= len(after)
    assert backward.min() >= 0 and backward.max() <= len(text)


@given(proposed(), st.data())
def test_a_span_goes_back_to_a_span_that_holds_it(
    drawn: tuple[str, list[tuple[int, int, str]]], data: st.DataObject
) -> None:
    """What stands in a span after the edits stands, but for the edits, in the span it goes back to."""
    text, rows = drawn
    layer = settle(text, rows)
    after = layer.apply(text)
    ends = sorted(data.draw(st.tuples(st.integers(0, len(after)), st.integers(0, len(after)))))
    starts, stops = layer.backward_spans(np.array(ends[:1]), np.array(ends[1:]))
    start, stop = int(starts[0]), int(stops[0])
    assert 0 <= start <= stop <= len(text)
    inner = [(e.start - start, e.end - start, e.new) for e in layer if start <= e.start and e.end <= stop]
    assert after[ends[0] : ends[1]] in settle(text[start:stop], inner).apply(text[start:stop])


@given(proposed())
def test_losers_are_recorded(drawn: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, rows = drawn
    proposals = Proposals()
    for start, end, new in rows:
        proposals.add(start, end, new, "rule")
    layer, skipped = proposals.settle(text, "stage")
    idle = sum(text[start:end] == new for start, end, new in rows)
    assert len(layer) + len(skipped) + idle == len(rows)


def test_the_leftmost_then_the_longest_then_the_first_wins() -> None:
    proposals = Proposals()
    proposals.add(2, 3, "x", "later")
    proposals.add(0, 2, "a", "short")
    proposals.add(0, 3, "b", "long")
    proposals.add(0, 3, "c", "long-too")
    layer, skipped = proposals.settle("一二三四", "stage")
    assert [edit.rule for edit in layer] == ["long"]
    assert {loser.rule for loser in skipped} == {"later", "short", "long-too"}


@st.composite
def tiled(draw: st.DrawFn) -> tuple[str, Order]:
    """Draw a text and an order of spans that tile it."""
    text = draw(TEXT)
    cuts = sorted({0, len(text), *draw(st.lists(st.integers(0, len(text)), max_size=6))})
    spans = draw(st.permutations(list(pairwise(cuts))))
    return text, Order(
        "stage", np.array([a for a, _ in spans], dtype=np.int32), np.array([b for _, b in spans], dtype=np.int32)
    )


@given(tiled())
def test_an_order_can_be_taken_back(drawn: tuple[str, Order]) -> None:
    text, order = drawn
    assert order.undo(order.apply(text)) == text
    assert sorted(order.apply(text)) == sorted(text)


@given(tiled(), st.data())
def test_a_span_goes_back_through_an_order_piece_by_piece(drawn: tuple[str, Order], data: st.DataObject) -> None:
    text, order = drawn
    after = order.apply(text)
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(after)), st.integers(0, len(after)))))
    pieces = order.backward_spans(start, end)
    assert "".join(text[a:b] for a, b in pieces) == after[start:end]


def test_an_order_that_moves_nothing_counts_nothing() -> None:
    order = Order("stage", np.array([0, 3], dtype=np.int32), np.array([3, 5], dtype=np.int32))
    assert order.moved == 0
    back = Order("stage", np.array([3, 0], dtype=np.int32), np.array([5, 3], dtype=np.int32))
    assert back.moved == 1
