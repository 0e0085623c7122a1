"""Misread text is found only when its bytes prove it; chance must not make proof."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.language.mojibake import misread

COMMON_SHARE = 0.75
# the six thousand characters of GB 2312, as any Chinese text may have them
CHARACTERS = [
    bytes([lead, trail]).decode("gb2312", "ignore") for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF)
]


def found(text: str) -> list[str]:
    """Return what the misread runs of a text say."""
    codes = np.array([ord(character) for character in text], dtype=np.uint32)
    return [run.meant for run in misread(text, codes, COMMON_SHARE)]


def test_chance_does_not_make_proof() -> None:
    """Of two hundred thousand characters drawn at random, far rarer than print has them, next to none looks misread."""
    chance = np.random.default_rng(1)
    text = "".join(chance.choice([character for character in CHARACTERS if character], 200_000))
    assert len(found(text)) <= 3


@settings(deadline=None)
@given(st.text(alphabet="áàâäãåéèêëíîïñóôöõúûüçßøæ ÁÉÖÜÑ«»·°§,.", max_size=40))
def test_letters_with_accents_are_left_alone_unless_they_are_chinese_bytes(text: str) -> None:
    for meant in found(text):
        assert all(character >= "一" or character in "，。、；：？！“”《》（）·" for character in meant), meant


def test_one_run_among_right_text_is_found_alone() -> None:
    broken = "全县党员干部群众".encode().decode("gb18030")
    text = f"昨日，{broken}，坚守一线。"
    codes = np.array([ord(character) for character in text], dtype=np.uint32)
    (run,) = misread(text, codes, COMMON_SHARE)
    assert text[: run.start] + run.meant + text[run.end :] == "昨日，全县党员干部群众，坚守一线。"


def test_signs_and_single_dashes_read_as_latin1_come_back() -> None:
    for text in ("1—3月销量增长", "●租金改革取得进展", "气温25℃→30℃", "甲·乙"):
        assert "".join(found(text.encode().decode("latin-1"))) == "".join(c for c in text if not c.isascii())
