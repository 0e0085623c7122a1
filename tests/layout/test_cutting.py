"""Cutting a page: what stands like stairs is read to its end too."""

from __future__ import annotations

from cleanup.pipeline import Pipeline


def test_a_text_in_stairs_of_any_height_is_cleaned() -> None:
    pairs = (f"标题{n}号新闻的题目\n会议指出，要把工作做在前面，一级一级下台阶{n}（下转第2版）" for n in range(200))
    text = "\n".join(pairs) + "\n"
    assert Pipeline().clean(text).undo() == text.encode()
