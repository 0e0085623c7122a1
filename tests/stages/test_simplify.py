"""Traditional runs become simplified, names and both-script characters stay, and nothing else is touched."""

from __future__ import annotations

import threading
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup import rulebook
from cleanup.document import Draft
from cleanup.edits import Layer
from cleanup.options import Options, Script
from cleanup.stages import simplify

BOOK = rulebook.load()
AROUND = "今年以来，全县各项工作有序推进，群众的满意度不断提高。"
CLAUSES = (
    "国家尊重和保障人权", "公民在法律面前一律平等", "任何组织或者个人都不得有超越法律的特权",
    "国家发展社会主义教育事业",
    "城市的土地属于国家所有", "国家保护名胜古迹", "劳动者有休息的权利", "国家机关实行工作责任制", "乾县和乾安县",
    "复杂的问题要答复",
)  # fmt: skip
# the clauses are chosen so that each way there has one way back
STANDARDS = ("s2t", "s2tw", "s2hk")
RUNS = {standard: tuple(opencc.OpenCC(standard).convert(clause) for clause in CLAUSES) for standard in STANDARDS}


def layer(text: str, script: Script = "auto") -> Layer:
    return simplify.propose(Draft(text), BOOK, Options(script=script)).edits.settle(text, "simplify")[0]


def simplified(text: str, script: Script = "auto") -> str:
    return layer(text, script).apply(text)


clauses = st.lists(st.sampled_from([*CLAUSES, *RUNS["s2t"], *RUNS["s2tw"], *RUNS["s2hk"]]), max_size=8)


@settings(deadline=None)
@given(clauses, st.sampled_from(["，", "。", "\n\n", " "]))
def test_it_is_idempotent(pieces: list[str], mark: str) -> None:
    once = simplified(mark.join(pieces))
    assert simplified(once) == once


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("乾著於瞭摺隊後裏発の國国 ，。\n“”樑昇餘鍾𬶨鱀\udc80a")))
def test_anything_keeps_its_length_and_comes_back(text: str) -> None:
    choices: tuple[Script, ...] = ("auto", "simplified", "traditional", "keep")
    for script in choices:
        changes = layer(text, script)
        after = changes.apply(text)
        assert len(after) == len(text)
        assert changes.undo(after) == text


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("乾著瞭摺藉於昇徵夥覆甯喆国这来们时" + "。，\n")))
def test_without_a_traditional_character_nothing_changes(text: str) -> None:
    assert simplified(text) == text


@pytest.mark.parametrize("standard", list(RUNS))
@pytest.mark.parametrize("count", [1, 2, 3])
def test_injected_runs_come_back(standard: str, count: int) -> None:
    for first in range(len(CLAUSES) - count):
        run = "，".join(RUNS[standard][first : first + count]) + "。"
        right = "，".join(CLAUSES[first : first + count]) + "。"
        assert simplified(AROUND + run + AROUND) == AROUND + right + AROUND
        assert simplified(run + "\n\n" + AROUND) == right + "\n\n" + AROUND


def test_half_a_sentence_comes_back() -> None:
    assert simplified(AROUND + "劳动者有休息的權利，國家發展勞動者休息的设施。") == (
        AROUND + "劳动者有休息的权利，国家发展劳动者休息的设施。"
    )


def test_a_traditional_document_is_left_alone_until_asked() -> None:
    text = "。".join(RUNS["s2t"]) + "。"
    assert simplified(text) == text
    assert simplified(text, "simplified") == "。".join(CLAUSES) + "。"
    assert simplified(AROUND + text, "keep") == AROUND + text


def test_traditional_is_given_when_asked() -> None:
    assert simplified("皇后说，以后要发展农业。", "traditional") == "皇后說，以後要發展農業。"
    text = "记者于建国报道：范小明说，范围扩大了，岳飞庙也修好了。"
    assert simplified(text, "traditional") == "記者于建國報道：范小明說，範圍擴大了，岳飛廟也修好了。"


@pytest.mark.parametrize(
    "text",
    [
        "平遥县乾和铸造有限公司今年接到新订单。",
        "他把存摺放进抽屉，又去了瞭望台。",
        "清朝乾隆年间，魏徵的故事广为流传，宫商角徵羽也有人懂。",
        "胡厚崑和麦宗樑两位同志出席了会议。",
        "破坏土地的行为受到处罚。",
        "“癆”字从病，今天写作“痨”。",
        "他在日记里写道：“気持ちがいい”。",
    ],
)
def test_simplified_text_stays(text: str) -> None:
    assert simplified(text) == text


def test_the_documents_own_spelling_of_a_name_decides() -> None:
    assert simplified("村民徐馀庆来到县里。縣裏的記者採訪了徐餘慶，寫了報導。") == (
        "村民徐馀庆来到县里。县里的记者采访了徐馀庆，写了报导。"
    )


def test_a_users_names_are_protected(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text('[[table]]\nname = "protected"\nentries = ["锺灵"]\n', "utf-8")
    text = AROUND + "記者採訪了鍾靈的家屬，瞭解情況。"
    book = rulebook.load(tmp_path)
    edits = simplify.propose(Draft(text), book, Options()).edits
    assert edits.settle(text, "simplify")[0].apply(text) == AROUND + "记者采访了锺灵的家属，了解情况。"


def test_a_rule_can_be_switched_off() -> None:
    text = "这支志愿服务隊的队员都来自县医院的各个科室。"
    off = Options(off=frozenset({"stray-traditional-character"}))
    assert not len(simplify.propose(Draft(text), BOOK, off).edits)


def test_every_edit_says_how_sure_it_is() -> None:
    changes = layer(AROUND + "她看著窗外，縣裡的乾果和餅乾都賣完了，這支隊伍沒有藉口。" + AROUND)
    assert len(changes)
    assert all(0.5 < edit.confidence <= 1 for edit in changes)


def test_threads_share_the_converters() -> None:
    text = AROUND + "這裡的乾淨街道和徵求意見的答覆，都讓群眾滿意。"
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(simplified(text))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(results) == {AROUND + "这里的干净街道和征求意见的答复，都让群众满意。"}


def test_long_texts_of_one_kind_are_quick() -> None:
    for unit in ("隊", "乾", "の隊", "國国", "繁体隊这"):
        simplified(unit * 200_000)
