"""The halves of a headline are parted by a space; a line that ran out amid a word is not."""

from __future__ import annotations

import pytest

import cleanup

TEXT = """　　2月15日，国家主席习近平向第38届非洲联盟峰会致贺电，对会议召开表示热烈祝贺，祝愿非洲国家
和人民在发展振兴的道路上不断取得新的更大成就。习近平指出，过去一年，中国同非洲国家的友好合作
不断深入，双方共同推进现代化的步伐更加坚定。
"""


@pytest.mark.parametrize(
    ("halves", "title"),
    [
        (("习近平向第38届非洲联盟峰", "会致贺电"), "习近平向第38届非洲联盟峰会致贺电"),
        (("携手同心促振兴", "并肩前行谱新篇"), "携手同心促振兴 并肩前行谱新篇"),
    ],
)
def test_a_word_that_a_line_of_a_headline_cut_is_whole(halves: tuple[str, str], title: str) -> None:
    (article,) = cleanup.clean("\n".join(halves) + "\n\n" + TEXT).articles
    assert article.title == title
