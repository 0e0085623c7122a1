"""Continuation: of the halves of many cut sentences each is given to its own, and hostile text is read all the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanup.language.continuation import REACH, after_gaps, before_gaps, encode, load
from cleanup.language.corpus import characters

GOLD = sorted((Path(__file__).parents[2] / "fixtures").glob("*/expected/gold.json"))


def paragraphs(path: Path) -> list[str]:
    articles = json.loads(path.read_text("utf-8"))["articles"]
    blocks = [block for article in articles for block in article["blocks"] if block["role"] == "paragraph"]
    return ["".join(block["text"].split()) for block in blocks if len(block["text"]) >= 2 * REACH]


def products(halves: list[tuple[str, str]]) -> np.ndarray:
    """Return how well each first half runs on in each second one."""
    encoders = load()
    sides = []
    for side, gaps, encoder in ((0, before_gaps, encoders.before), (1, after_gaps, encoders.after)):
        parts = [characters([half[side]])[:-1] for half in halves]
        stops = np.cumsum([len(part) for part in parts])
        begins = stops - [len(part) for part in parts]
        edges = (begins, stops) if side == 0 else (stops, begins)
        sides.append(encode(gaps(encoders.identify(np.concatenate(parts)), *edges), encoder))
    return sides[0].vectors @ sides[1].vectors.T


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.parts[-3][:3])
def test_of_two_continuations_the_true_one_is_nearly_always_preferred(path: Path) -> None:
    halves = [(text[: len(text) // 2], text[len(text) // 2 :]) for text in paragraphs(path)]
    found = products(halves)
    own = np.diag(found)[:, None]
    others = ~np.eye(len(halves), dtype=np.bool_)
    assert np.mean((own > found)[others]) > 0.9


def test_a_second_half_is_known_by_itself() -> None:
    encoders = load()
    for text, torn in (("本报讯记者昨日从市农业农村局获悉，今年", False), ("的知识宣传活动，发放传单三百余份。", True)):
        ids = encoders.identify(characters([text])[:-1])
        said = encode(after_gaps(ids, np.array([len(ids)]), np.array([0])), encoders.after)
        assert (said.torn[0] > 0) == torn


@given(st.text(min_size=1))
def test_any_text_is_read(text: str) -> None:
    encoders = load()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    ids = encoders.identify(codes)
    here = np.arange(len(ids))
    for rows, side in (
        (before_gaps(ids, np.zeros_like(here), here), encoders.before),
        (after_gaps(ids, np.full_like(here, len(ids)), here), encoders.after),
    ):
        said = encode(rows, side)
        assert rows.shape == (len(ids), REACH)
        assert np.isfinite(said.vectors).all() and np.isfinite(said.torn).all()


def test_nothing_beyond_a_passage_is_seen() -> None:
    ids = np.arange(10, 60)
    first = before_gaps(ids, np.array([20]), np.array([23]))
    second = after_gaps(ids, np.array([23]), np.array([20]))
    assert first[0].tolist() == [32, 31, 30] + [0] * (REACH - 3)
    assert second[0].tolist() == [30, 31, 32] + [0] * (REACH - 3)
