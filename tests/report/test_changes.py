"""Holds what a page says of its passages: put together from the source and the changes, they are the articles."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cleanup
from cleanup.report.changes import compose, rebuilt
from cleanup.report.packing import packed, unpacked
from cleanup.report.payload import ROLES, payload, units
from cleanup.report.source import rule_words, source_page

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds").glob("*.txt"))
SIGNS = "天地玄黄宇宙洪荒日月盈昃，。、；“”（）—…１２0123456789abc.,;:!?() \n\t\u3000\r\ufeff\u200b⼀⽉乾說語體國□■◆𠮷"
TEXTS = st.one_of(
    st.text(alphabet=st.sampled_from(SIGNS), max_size=300),
    st.lists(st.text(alphabet=st.sampled_from(SIGNS), max_size=30), max_size=25).map("\n".join),
    st.text(max_size=120),
)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
PACE = settings(deadline=None, max_examples=60, suppress_health_check=SLOW)
KILOBYTE = 1000


@PACE
@given(TEXTS)
def test_passages_are_put_together_from_source_and_changes(text: str) -> None:
    document = cleanup.clean(text)
    made = compose(document)
    for article, passages in zip(document.articles, made.passages, strict=True):
        for block, passage in zip(article.blocks, passages, strict=True):
            if passage.exact:
                assert rebuilt(document.original, passage) == block.text


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_every_passage_of_the_seeds_is_exact_and_every_edit_has_its_place(path: Path) -> None:
    document = cleanup.clean(path.read_bytes(), path.name)
    made = compose(document)
    passages = [passage for row in made.passages for passage in row]
    assert all(passage.exact for passage in passages)
    changes = [*(change for passage in passages for change in passage.changes), *made.outside]
    placed = {id(traced) for change in changes for traced in change.edits}
    told = sum(1 for _, edit in document.edits if (edit.old + edit.new).strip() or edit.rule.startswith("join"))
    assert len(placed) >= told
    for change in changes:
        if len(change.edits) == 1 and len(change.edits[0].source) == 1 and change.end > change.start:
            (traced,) = change.edits
            assert traced.edit.old in document.original[change.start : change.end] or traced.place >= 0


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers


def read(tree: dict[str, Any]) -> list[tuple[str, str]]:
    """Return role and text of every block as the page's script puts them together, in UTF-16 code units."""
    text = tree["text"].encode("utf-16-le", "surrogatepass")
    changes: list[tuple[int, int, str]] = []
    numbers, last = unpacked(tree["changes"]), 0
    for n in range(0, len(numbers), 5):
        start = last + numbers[n]
        last = start + numbers[n + 1]
        changes.append((start, last, tree["news"][numbers[n + 2]]))
    found: list[tuple[str, str]] = []
    numbers, last, at = unpacked(tree["blocks"]), 0, 0
    number = 0
    while at < len(numbers):
        role, _, spans, count = numbers[at : at + 4]
        at += 4
        where = []
        for _ in range(spans):
            start = last + numbers[at]
            last = start + numbers[at + 1]
            where.append((start, last))
            at += 2
        parts, k, place = [], 0, where[0][0] if where else 0
        for start, end, new in changes[number : number + count]:
            parts.append(text[2 * place : 2 * start].decode("utf-16-le", "surrogatepass") + new)
            place = end
            if k < len(where) - 1 and place >= where[k][1]:
                k += 1
                place = where[k][0]
        if where:
            parts.append(text[2 * place : 2 * where[-1][1]].decode("utf-16-le", "surrogatepass"))
        number += count
        found.append((ROLES[role], tree["texts"].get(str(len(found)), "".join(parts))))
    return found


@PACE
@given(TEXTS)
def test_the_page_carries_every_block(text: str) -> None:
    document = cleanup.clean(text)
    tree = json.loads(json.dumps(payload(document, {}, 0.8)))
    assert read(tree) == [(block.role, block.text) for article in document.articles for block in article.blocks]


@given(st.text(alphabet="a中𠮷🦉\n", max_size=40), st.integers(0, 40))
def test_offsets_are_counted_in_the_units_of_the_script(text: str, at: int) -> None:
    at = min(at, len(text))
    assert units(text)(at) == len(text[:at].encode("utf-16-le")) // 2


def test_what_is_said_of_rules_is_known_for_every_rule_of_the_seeds() -> None:
    words = rule_words(())
    for path in SEEDS:
        for _, edit in cleanup.clean(path.read_bytes()).edits:
            assert len(words[edit.rule]) == 4 and all(words[edit.rule]), f"nothing is said of {edit.rule}"


def test_what_a_rule_of_the_users_own_says_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'stage = "rejoin"\n[[rule]]\nid = "gratis"\nwhat = "免费字样"\nwhy = "不要"\nfind = "免费"\nreplace = ""\n'
        '[[rule.example]]\nbefore = "免费赠送"\nafter = "赠送"\n[[rule.keeps]]\ntext = "赠送"\nwhy = "没有"\n',
        "utf-8",
    )
    words = rule_words((tmp_path,))
    assert words["gratis"] == ("免费字样", "不要")
    assert words["join-line"] == rule_words(())["join-line"]


LONG = "甲乙丙丁，1 234 人。" * 6_000
SHORT_LINES = ["一\n" * 3_000, "a\n" * 30_000, "县 委 常 委\n" * 3_000]
SIZES = ["短短 114 个小时。", *SHORT_LINES, "說語體國" * 4_000, "<b>&" * 20_000, LONG]
SIZES += [path.read_text("utf-8") for path in SEEDS]


@pytest.mark.parametrize("text", SIZES, ids=lambda text: ascii(text[:8]))
def test_a_page_is_at_most_six_times_its_source_and_sixty_kilobytes(text: str) -> None:
    document = cleanup.clean(text, "a.txt")
    assert len(source_page(document, 0.8)) <= 6 * len(text.encode()) + 60 * KILOBYTE


def test_doubts_of_the_page_are_those_below_the_threshold() -> None:
    document = cleanup.clean(SEEDS[0].read_bytes())
    doubtful = unpacked(payload(document, {}, 0.8)["breaks"])[1::2]
    assert len(doubtful) == sum(boundary.confidence < 0.8 for boundary in document.breaks)
    assert not payload(document, {}, 0.0)["breaks"]


def test_decisions_that_were_obeyed_are_carried() -> None:
    from cleanup.decisions.file import parse

    text = "春耕正忙\n\n今年计划种植 32 万亩。"
    raw = text.encode()
    sha256 = cleanup.clean(raw).source.sha256
    at = text.index(" 32")
    decisions = parse(f'schema = 1\nsha256 = "{sha256}"\n[[decision]]\ndo = "keep"\nsource = [{at}, {at + 1}]\n')
    document = cleanup.Pipeline().clean(raw, "a.txt", decisions)
    assert payload(document, {}, 0.8)["decisions"] == [{"do": "keep", "source": (at, at + 1)}]


def test_phrases_are_there_in_both_languages_and_all_used() -> None:
    from cleanup.report.page import TEMPLATES, wording
    from cleanup.report.source import KEYS

    files = "".join(path.read_text("utf-8") for path in TEMPLATES.iterdir())
    said = {*re.findall(r'"([a-z.-]+)"', files), *(phrase for _, phrase in KEYS)}
    begun = set(re.findall(r'"([a-z]+\.)(?:"|\{\{)', files))
    for room in ("page", "index"):
        for key, pair in wording()[room].items():
            assert len(pair) == 2 and all(pair)
            assert sorted(re.findall(r"\{\d\}", pair[0])) == sorted(re.findall(r"\{\d\}", pair[1])), key
            assert key in said or any(key.startswith(stem) for stem in begun), f"nobody says {key!r}"
