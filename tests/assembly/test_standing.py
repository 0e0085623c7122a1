"""A text in the form of a clean file is read as it stands."""

from __future__ import annotations

import pytest

from cleanup.pipeline import Pipeline

PIPELINE = Pipeline()
HEAD = "清河县打井引水抗旱保玉米\n本报记者 李 平"
DRY = "入夏以来，清河县持续高温少雨，三座水库的蓄水量降到历年同期最低。"
TORN = "水利局的抢险队里还有许多"
WELLS = "全县新打机井四十二眼，修复渠道十八公里，清河水库向下游放水三次。"
OLD_MAN = "在城东镇柳林村，村民老赵守着新打的机井说，井水一通，两百亩玉米就有救了。"


@pytest.mark.parametrize(
    "parts",
    [
        (HEAD, DRY, OLD_MAN, WELLS),
        (HEAD, DRY, TORN, OLD_MAN, WELLS),
        (HEAD, DRY, OLD_MAN, "井水进村保玉米", WELLS, "（李平）"),
        (DRY, TORN, OLD_MAN, WELLS),
        ("清河县打井引水抗旱保玉米", "（李平）", DRY, OLD_MAN, WELLS),
        ("读者来信\n清河县打井引水抗旱保玉米\n——写在旱情缓解之后", DRY + OLD_MAN, "图为技术员在田间巡查水泵。", WELLS),
    ],
)
def test_cleaning_a_clean_article_changes_nothing(parts: tuple[str, ...]) -> None:
    text = "\n\n".join(parts) + "\n"
    assert [article.text for article in PIPELINE.clean(text).articles] == [text]


@pytest.mark.parametrize("head", [(), (HEAD,)])
def test_passages_cut_in_two_and_moved_are_no_clean_file(head: tuple[str, ...]) -> None:
    parts = (*head, DRY[:21], WELLS[:12], DRY[21:], WELLS[12:])
    document = PIPELINE.clean("\n\n".join(parts) + "\n")
    assert [paragraph for article in document.articles for paragraph in article.paragraphs] == [DRY, WELLS]
