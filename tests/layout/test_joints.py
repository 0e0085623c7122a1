"""What stands between two joined lines, case by case (docs/conventions.md, Line joins)."""

from __future__ import annotations

import numpy as np
import pytest

from cleanup.document import Draft
from cleanup.layout.joints import Joints, cut_inside_words
from cleanup.layout.lines import measure_lines

CASES = [
    ("疫情就是\n命令", "疫情就是命令", "Han and Han"),
    ("共114\n个小时", "共114个小时", "a number and its measure word"),
    ("现有1\n149名", "现有1149名", "one number"),
    ("占98.\n49%", "占98.49%", "a decimal"),
    ("启用AB\n岗", "启用AB岗", "letters and Han"),
    ("发布5\nG标准", "发布5G标准", "digit and letter in Chinese text"),
    ("出席G\n20峰会", "出席G20峰会", "letter and number of one name"),
    ("the old\nman", "the old man", "Latin words"),
    ("in 2019\nthe war", "in 2019 the war", "a number among Latin words"),
    ("on May 5,\n2019 he", "on May 5, 2019 he", "a date among Latin words"),
    ("word (a\n(b) c", "word (a (b) c", "a bracket that opens"),
    ("感染COVID-\n19的", "感染COVID-19的", "a hyphen before a number is its own"),
    ("an Anglo-\nSaxon king", "an Anglo-Saxon king", "a hyphen before a capital is its own"),
    ("a self-\nmade man", "a self-made man", "a prefix that keeps its hyphen"),
    ("the inter-\nnational", "the international", "a divided word"),
    ("the inter\xad\nnational", "the international", "a soft hyphen"),
    ("a fox-\nhole is a foxhole", "a foxhole is a foxhole", "the document writes it in one"),
    ("a fox-\nhole and fox-hole", "a fox-hole and fox-hole", "the document writes it with a hyphen"),
    ("新冠,\nAB岗", "新冠,AB岗", "a half-width comma in Chinese text"),
]


@pytest.mark.parametrize(("wrapped", "joined", "why"), CASES, ids=[why for *_, why in CASES])
def test_between(wrapped: str, joined: str, why: str) -> None:
    lines = measure_lines(Draft(wrapped))
    joints = Joints(wrapped, ("self",))
    begin, new, _ = joints.between(int(lines.ends[0]), int(lines.starts[1]))
    assert wrapped[:begin] + new + wrapped[int(lines.starts[1]) :] == joined


def test_lines_cut_at_a_fixed_column_part_no_words() -> None:
    text = (
        "本产品采用最新的Linu\nx操作系统，支持多种 \nAndroid手机和平板的\n远程控制和管理功能，\n"
        "并且支持所有的浏览器\n和各种各样的外部设备\n都能用。"
    )
    lines = measure_lines(Draft(text))
    assert cut_inside_words(Draft(text), lines, np.arange(6))
    joints = Joints(text, cut=True)
    assert joints.between(int(lines.ends[0]), int(lines.starts[1]))[1] == ""
