"""A folder as one issue: what turns from page to page is joined, beside pages that stay as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command

DROUGHT = (
    "入夏以来，清河县持续高温少雨，三座水库的蓄水量降到历年同期最低。县水利局组织抢险队打井引水，保障灌溉。",
    "在城东镇柳林村，村民老赵守着新打的机井说，井水一通，两百亩玉米就有救了。水利局的技术员每天巡查水泵和渠道，",
)
DROUGHT_ON = "渠道修到哪里，井水就跟到哪里。截至昨天，清河县新打机井四十二眼，水库向下游放水三次，玉米灌溉面积过半。"
OPERA = (
    "省晋剧院的青年演员昨晚在人民剧场演出新编历史剧《长城谣》，座无虚席，谢幕三次，观众久久不愿离去。",
    "剧中扮演守关将军的演员孙立说，这出戏排了八个月，唱腔改了十几稿，老艺术家们手把手地教。",
)
SCHOOL = (
    "新学期第一天，汾水小学的操场上多了三个篮球架。校长说，孩子们盼这一天盼了整整一个暑假，体育老师也添了两位。",
    "记者看到，教室里换上了护眼灯，课桌能升能降，家长们在窗外看了又看，舍不得走。",
)


def page(*parts: str) -> str:
    """Return the parts as a page, an empty line between them."""
    return "\n\n".join(parts) + "\n"


def issue(folder: Path) -> None:
    """Write the two pages of an issue."""
    folder.mkdir()
    first = page("2018年5月19日 星期六", "第1版", "清河县打井引水抗旱保玉米", *DROUGHT, "（下转第2版）")
    (folder / "p1.txt").write_text(first, "utf-8")
    second = page("2018年5月19日 星期六", "第2版", "（上接第1版）" + DROUGHT_ON, "汾水小学添了篮球架", *SCHOOL)
    (folder / "p2.txt").write_text(second, "utf-8")


def test_the_parts_of_an_article_are_joined_and_the_pages_stay(command: Command, tmp_path: Path) -> None:
    issue(tmp_path / "in")
    command("run", tmp_path / "in", "-o", tmp_path / "plain", "-q")
    assert command("run", tmp_path / "in", "-o", tmp_path / "out", "--pages", "-q").returncode == 0
    told = json.loads((tmp_path / "out/issue.json").read_text("utf-8"))
    assert [article["parts"] for article in told["articles"]] == [
        [{"source": "p1", "article": 1}, {"source": "p2", "article": 1}]
    ]
    joined = (tmp_path / "out" / told["articles"][0]["file"]).read_text("utf-8")
    assert joined == page("清河县打井引水抗旱保玉米", DROUGHT[0], DROUGHT[1] + DROUGHT_ON)
    for name in ("p1", "p2"):
        for path in sorted((tmp_path / "plain" / name).iterdir()):
            assert (tmp_path / "out" / name / path.name).read_bytes() == path.read_bytes()


def test_run_again_it_gives_the_same_and_takes_back_what_no_longer_holds(command: Command, tmp_path: Path) -> None:
    issue(tmp_path / "in")
    command("run", tmp_path / "in", "-o", tmp_path / "out", "--pages", "-q")
    before = {path: path.read_bytes() for path in sorted((tmp_path / "out").rglob("issue*/*"))}
    command("run", tmp_path / "in", "-o", tmp_path / "out", "--pages", "-q")
    assert {path: path.read_bytes() for path in sorted((tmp_path / "out").rglob("issue*/*"))} == before
    (tmp_path / "in/p2.txt").write_text(page("汾水小学添了篮球架", *SCHOOL), "utf-8")
    command("run", tmp_path / "in", "-o", tmp_path / "out", "--pages", "-q")
    assert json.loads((tmp_path / "out/issue.json").read_text("utf-8"))["articles"] == []
    assert not (tmp_path / "out/issue").exists()


def test_a_turn_line_that_names_another_page_joins_nothing(command: Command, tmp_path: Path) -> None:
    issue(tmp_path / "in")
    text = (tmp_path / "in/p1.txt").read_text("utf-8")
    (tmp_path / "in/p1.txt").write_text(text.replace("下转第2版", "下转第4版"), "utf-8")
    command("run", tmp_path / "in", "-o", tmp_path / "out", "--pages", "-q")
    assert json.loads((tmp_path / "out/issue.json").read_text("utf-8"))["articles"] == []


def test_a_passage_that_stands_on_two_pages_is_listed(command: Command, tmp_path: Path) -> None:
    issue(tmp_path / "in")
    (tmp_path / "in/p3.txt").write_text(page("晋剧《长城谣》走上人民剧场", *OPERA, SCHOOL[0]), "utf-8")
    command("run", tmp_path / "in", "-o", tmp_path / "out", "--pages", "-q")
    told = json.loads((tmp_path / "out/issue.json").read_text("utf-8"))
    assert [(entry["source"], entry["duplicate_of"]["source"]) for entry in told["duplicates"]] == [("p3", "p2")]


@pytest.mark.parametrize("arguments", [(), ("-o", "out", "--format", "jsonl")])
def test_without_a_folder_of_articles_there_is_no_issue(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    issue(tmp_path / "in")
    result = command("run", tmp_path / "in", "--pages", *arguments)
    assert result.returncode == 2
    assert "--pages" in result.stderr.decode()
