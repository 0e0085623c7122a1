"""Printed lines that were shattered into regions come together; what only looks like it keeps its order."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup import rulebook
from cleanup.layout.mosaic import Mosaic, assemble
from cleanup.pipeline import Pipeline

PIPELINE = Pipeline()
LAWS = [json.loads(line) for line in (Path(__file__).parents[2] / "bench" / "texts" / "laws.jsonl").open()]
PIECES = ["追求，体现", "的政策与实", "着社会主义", "业的发展方向和党", "。", "领"]
WHOLE = 0.85  # of the lines, at least
Zones = tuple[tuple[int, int, int], ...]  # first line, line behind the last, characters before the white river


def printed(title: str, measure: int, count: int) -> list[str]:
    """Return the first lines of a law, set on a measure."""
    law = next(law for law in LAWS if law["title"] == title)
    paragraphs = ["".join(text.split()) for text in law["paragraphs"] if len(text) > 2 * measure]
    lines = [text[at : at + measure] for text in paragraphs for at in range(0, len(text), measure)]
    return lines[:count]


def shattered(lines: list[str], zones: Zones) -> str:
    """Return the lines as a recogniser puts them out that takes what stands left and right of a river for regions."""
    regions, done = [], 0
    for first, end, river in zones:
        regions.append(lines[done:first])
        regions.append([line[:river] for line in lines[first:end]])
        regions.append([line[river:] for line in lines[first:end] if len(line) > river])
        done = end
    regions.append(lines[done:])
    return "\n\n".join("\n".join(region) for region in regions if region) + "\n"


def fired(text: str) -> bool:
    document = PIPELINE.clean(text)
    assert document.undo() == text.encode("utf-8", "surrogatepass")
    return any(edit.rule == "shattered-line" for _, edit in document.edits)


@pytest.mark.parametrize(
    ("title", "measure", "zones"),
    [
        ("反分裂国家法", 18, ((1, 6, 6), (8, 13, 9))),
        ("中华人民共和国反洗钱法", 18, ((1, 7, 6), (9, 14, 11))),
        ("中华人民共和国家庭教育促进法", 18, ((1, 7, 6), (9, 14, 11))),
    ],
)
def test_shattered_lines_come_together(title: str, measure: int, zones: Zones) -> None:
    lines = printed(title, measure, 16)
    text = shattered(lines, zones)
    document = PIPELINE.clean(text)
    assert document.undo() == text.encode()
    read = "".join("".join(block.text.split()) for article in document.articles for block in article.blocks)
    assert sum(line in read for line in lines) >= WHOLE * len(lines)
    assert sum(line in "".join(text.split()) for line in lines) < WHOLE * len(lines)


def test_what_was_moved_is_told_with_its_doubt() -> None:
    text = shattered(printed("中华人民共和国反洗钱法", 18, 16), ((1, 7, 6), (9, 14, 11)))
    sure = [edit.confidence for _, edit in PIPELINE.clean(text).edits if edit.rule == "shattered-line"]
    assert sure
    assert all(confidence is not None and 0.0 < confidence <= 1.0 for confidence in sure)
    assert min(confidence for confidence in sure if confidence is not None) < 0.95


def test_whole_lines_in_regions_keep_their_order() -> None:
    lines = printed("反分裂国家法", 18, 40)
    assert not fired("\n\n".join("\n".join(lines[at : at + 4]) for at in range(0, len(lines), 4)) + "\n")


@pytest.mark.parametrize(
    "region",
    [
        ["床前明月光", "疑是地上霜", "举头望明月", "低头思故乡"],
        ["王力", "李白", "张学良", "陈独秀", "林语堂"],
        ["第一章 总则", "第二章 组织机构", "第三章 经费", "第四章 附则"],
        ["水稻 三百亩", "小麦 二百亩", "玉米 一百五十亩"],
    ],
)
def test_verse_names_and_tables_keep_their_order(region: list[str]) -> None:
    assert not fired("\n\n".join(["\n".join(region)] * 8) + "\n")


def test_the_order_in_which_most_runs_on_is_found() -> None:
    order = [0, 3, 1, 4, 2, 5]  # a left and a right region of three lines
    bonds = np.full((6, 6), -5.0)
    for before, after in itertools.pairwise(order):
        bonds[before, after] = 8.0
    region = np.array([0, 0, 0, 1, 1, 1])
    mosaic = Mosaic(np.full(6, 10), region, np.zeros(6, np.bool_), 20, bonds, rulebook.load().limits)
    places, gain = assemble(mosaic)
    assert [place.piece for place in places] == order
    assert [place.begins_line for place in places] == [True, False, True, False, True, False]
    assert gain > 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1), max_size=12))
def test_any_pieces_come_back(regions: list[list[str]]) -> None:
    fired("\n\n".join("\n".join(region) for region in regions))
