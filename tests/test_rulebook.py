"""Rule files are read strictly, user folders override and add, and everything wrong is told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanup import rulebook, rulecheck
from cleanup.document import Draft
from cleanup.firing import compile_rules, fire
from cleanup.options import Options
from cleanup.pipeline import Pipeline
from cleanup.rulebook import RuleError

RULE = """
stage = "rejoin"
[[rule]]
id = "{id}"
what = "Our paper's old name"
why = "The house spells it so."
at = "旧"
find = '旧报'
replace = "新报"
[[rule.example]]
before = "旧报讯"
after = "新报讯"
[[rule.keeps]]
text = "旧书"
why = "another word"
"""


def folder(tmp_path: Path, text: str, name: str = "mine.toml") -> Path:
    """Write a rule folder with one file."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_of_ones_own_adds_rules(tmp_path: Path) -> None:
    mine = folder(tmp_path, RULE.format(id="our-name"))
    assert rulecheck.check(mine) == []
    assert "新报讯" in Pipeline(Options(rules=(mine,))).clean("旧报讯今年以来，我省经济稳中有进。").text
    assert "旧报讯" in Pipeline().clean("旧报讯今年以来，我省经济稳中有进。").text


def test_a_rule_of_the_same_id_replaces_the_built_in_one_in_its_place(tmp_path: Path) -> None:
    mine = folder(tmp_path, RULE.format(id="half-width-comma"))
    places = [rule.id for rule in rulebook.load().rules]
    assert [rule.id for rule in rulebook.load(mine).rules] == places
    assert "，" not in Pipeline(Options(rules=(mine,))).filter("关键时刻,关键在党").text


def test_a_table_of_the_same_name_is_added_to(tmp_path: Path) -> None:
    mine = folder(tmp_path, '[[table]]\nname = "suffixes"\nentries = ["hwpx"]\n')
    text = "附件：通知,表.hwpx"
    assert rulebook.load(mine).tables["suffixes"][-1] == "hwpx"
    assert Pipeline(Options(rules=(mine,))).filter(text).text.endswith("表.hwpx")


def test_the_digest_tells_rule_books_apart(tmp_path: Path) -> None:
    assert rulebook.load().digest == rulebook.load().digest
    assert rulebook.load(folder(tmp_path, RULE.format(id="our-name"))).digest != rulebook.load().digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stage = ", "not a readable TOML file"),
        ("[[rule]]\nid = 'a'\nwhat = 'w'\nwhy = 'y'\nfind = 'x'\n", "no stage"),
        (RULE.format(id="a").replace("find = '旧报'", "find = '旧('"), "not a valid pattern"),
        (RULE.format(id="a").replace("find =", "fnid ="), "unknown key 'fnid'"),
        (RULE.format(id="a").replace('replace = "新报"', "replace = '\\2'"), "names the group 2"),
        (RULE.format(id="a").replace('at = "旧"', 'at = "旧"\nbetween = "han hna"'), "unknown class 'hna'"),
        (RULE.format(id="a").replace("find = '旧报'", "find = '\\L<nowhere>'"), "no table named 'nowhere'"),
        (RULE.format(id="a").replace('at = "旧"', 'when = { spicing = "tight" }'), "no option 'spicing'"),
        (RULE.format(id="a").replace('at = "旧"', 'at = "旧"\nscope = "somewhere"'), "scope must be one of"),
        (RULE.format(id="a").replace('at = "旧"', 'at = "旧"\nconfidence = 2'), "between 0 and 1"),
        (RULE.format(id="a").replace('at = "旧"', 'at = "旧报"\nto = "新"'), "as many characters"),
        (RULE.format(id="a") + RULE.format(id="a").replace('stage = "rejoin"', ""), "the id is taken"),
        ("rule = 3\n", "[[rule]]"),
    ],
)
def test_a_bad_file_is_told_in_one_line_that_names_it(tmp_path: Path, text: str, said: str) -> None:
    mine = folder(tmp_path, text)
    with pytest.raises(RuleError) as error:
        rulebook.load(mine)
    assert said in str(error.value)
    assert "mine.toml" in str(error.value)
    assert "\n" not in str(error.value)
    assert rulecheck.check(mine) == [str(error.value)]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="nowhere"):
        rulebook.load(tmp_path / "nowhere")


def test_check_tells_what_a_rule_does_otherwise_than_it_says(tmp_path: Path) -> None:
    wrong = RULE.format(id="our-name").replace('after = "新报讯"', 'after = "新报"').replace("旧书", "看旧报")
    said = rulecheck.check(folder(tmp_path, wrong))
    assert len(said) == 2
    assert "becomes '新报讯', not '新报'" in said[0]
    assert "another word" in said[1]


def test_check_asks_for_examples(tmp_path: Path) -> None:
    bare = RULE.format(id="our-name").split("[[rule.example]]", maxsplit=1)[0]
    assert len(rulecheck.check(folder(tmp_path, bare))) == 2


def test_check_asks_for_a_known_stage(tmp_path: Path) -> None:
    assert "no stage 'rejion'" in rulecheck.check(folder(tmp_path, RULE.format(id="a").replace("rejoin", "rejion")))[0]


def test_a_hostile_pattern_of_a_users_own_is_stopped_and_named(tmp_path: Path) -> None:
    slow = RULE.format(id="slow").replace("find = '旧报'", "find = '(?:旧|旧旧|旧旧旧)+新'")
    mine = folder(tmp_path, slow)
    with pytest.raises(RuleError, match="slow") as error:
        Pipeline(Options(rules=(mine,))).filter("旧" * 60 + "报")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("off", ["half-width-comma", "rejoin/half-width-marks/", "rejoin/"])
def test_rules_are_switched_off_by_id_topic_and_stage(off: str) -> None:
    assert "," in Pipeline(Options(off=frozenset({off}))).filter("关键时刻,关键在党").text
    assert "，" in Pipeline(Options(off=frozenset({"rejoin/brackets/"}))).filter("关键时刻,关键在党").text


def test_unsafe_rules_run_only_when_asked() -> None:
    assert Pipeline().filter("疫情~防控").text == "疫情~防控"
    assert Pipeline(Options(unsafe=True)).filter("疫情~防控").text == "疫情防控"


def test_rules_are_proposed_in_file_order_whatever_their_characters() -> None:
    book = rulebook.load()
    program = compile_rules(book.stage("rejoin", Options()), book)
    order = {rule.id: number for number, rule in enumerate(book.rules)}
    fired = [order[hit.rule.id] for hit in fire(program, Draft("短短 114 个,“ 红”(社区) 。。。"))]
    assert fired == sorted(fired)
    assert len(fired) > 4
