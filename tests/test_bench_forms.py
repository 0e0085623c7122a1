"""Texts of the benchmark's other forms are made of whole sentences of their articles, the same for the same seed."""

from __future__ import annotations

from random import Random

import pytest

from bench.articles import Article
from bench.forms import Source, chapter

SENTENCES = tuple(f"县里第{n}次修渠，用了{n + 3}天。" for n in range(400))
ARTICLE = Article("修渠", SENTENCES, frozenset(), "press")


@pytest.mark.parametrize("seed", range(40))
def test_a_chapter_is_made_of_sentences_of_its_articles(seed: int) -> None:
    story = chapter(Source([ARTICLE]), Random(seed))
    assert story == chapter(Source([ARTICLE]), Random(seed))
    assert story.blocks[-1].role == "paragraph"
    assert (story.blocks[0].role == "title") != ("headless" in story.flags)
    told = [sentence for block in story.blocks for sentence in SENTENCES if sentence in block.text]
    assert told
    assert len(told) == len(set(told))


def test_articles_that_are_told_to_the_end_are_told_again() -> None:
    source = Source([Article("修渠", SENTENCES[:1], frozenset(), "press")])
    assert [source.passage(Random(1), 50) for _ in range(2)] == [SENTENCES[0]] * 2


def test_articles_without_a_sentence_say_so() -> None:
    with pytest.raises(LookupError, match="no sentence"):
        Source([Article("修渠", ("没有句号",), frozenset(), "press")]).passage(Random(1), 50)
