"""Holds decisions to being obeyed exactly, to losing nothing, and to being refused where they do not fit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import cleanup
from cleanup.arrangement import Arrangement, ArticlePlan, BlockPlan, Omission, Piece
from cleanup.decisions import Decisions, DecisionsError
from cleanup.decisions.arrange import rearrange
from cleanup.decisions.file import DEEDS, parse
from cleanup.document import Decision, Document, Role, Span
from cleanup.edits import Order
from tests.conftest import Command, balance

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds").glob("*.txt"))
PIPELINE = cleanup.Pipeline()


def decided(raw: bytes, *entries: Decision) -> Document:
    """Clean a source with decisions about it."""
    sha256 = cleanup.Pipeline(cleanup.Options(stages_off=frozenset({"separate"}))).clean(raw).source.sha256
    return PIPELINE.clean(raw, "page.txt", Decisions(sha256, entries, "page.txt.decisions.toml"))


# --- the file


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("schema = 2", "schema 1"),
        ("schema = 1", "sha256"),
        ('schema = 1\nsha256 = "0"\ndecisions = []', "unknown key 'decisions'"),
        ("schema = [", "not a readable TOML"),
        ('schema = 1\nsha256 = "0"\ndecision = [1]', "double brackets"),
        ('schema = 1\nsha256 = "0"\n[[decision]]\ndo = "fly"\nsource = [0, 1]', "one of join, break"),
        ('schema = 1\nsha256 = "0"\n[[decision]]\ndo = ["fly"]\nsource = [0, 1]', "one of join, break"),
        ('schema = 1\nsha256 = "0"\n[[decision]]\ndo = "join"', "source must be"),
        ('schema = 1\nsha256 = "0"\n[[decision]]\ndo = "join"\nsource = [3, 1]', "source must be"),
        ('schema = 1\nsha256 = "0"\n[[decision]]\ndo = "join"\nsource = [true, 1]', "source must be"),
        ('schema = 1\nsha256 = "0"\n[[decision]]\ndo = "move"\nsource = [0, 1]', "needs to"),
        ('schema = 1\nsha256 = "0"\n[[decision]]\ndo = "role"\nsource = [0, 1]\nrole = "king"', "one of kicker"),
        ('schema = 1\nsha256 = "0"\n[[decision]]\ndo = "keep"\nsource = [0, 1]\nwhy = ""', "unknown key 'why'"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(DecisionsError) as error:
        parse(text, "page.decisions.toml")
    assert problem in str(error.value)
    assert str(error.value).startswith("page.decisions.toml: ") and "\n" not in str(error.value)


def test_decisions_about_other_bytes_are_refused() -> None:
    with pytest.raises(DecisionsError, match=r"stale.*take the decisions anew"):
        PIPELINE.clean("春耕。", "a.txt", Decisions("0" * 64, (Decision("keep", (0, 1)),)))


@pytest.mark.parametrize("entry", [Decision("join", (0, 99)), Decision("move", (0, 1), to=(0, 99))])
def test_a_place_beyond_the_end_is_refused(entry: Decision) -> None:
    with pytest.raises(DecisionsError, match=r"decision 1 .* beyond the end"):
        decided("春耕。".encode(), entry)


def test_a_line_end_that_is_none_is_refused() -> None:
    with pytest.raises(DecisionsError, match=r"decision 1 \(break at 1\): no line ends there"):
        decided("春耕备耕。\n农资供应。".encode(), Decision("break", (1, 2)))


def test_a_passage_that_is_none_is_refused() -> None:
    with pytest.raises(DecisionsError, match=r"decision 1 .*: no passage"):
        decided("春耕备耕。\n\n农资供应。".encode(), Decision("begin", (5, 6)))


# --- what is obeyed


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_every_line_end_can_be_decided_the_other_way(path: Path) -> None:
    raw = path.read_bytes()
    document = PIPELINE.clean(raw)
    original = document.original
    ends = [at for at in range(1, len(original)) if original[at] == "\n" and original[at - 1] not in "\n #"]
    for at in ends[5 : len(ends) : max(1, len(ends) // 4)]:
        end = at
        while end < len(original) and original[end].isspace():
            end += 1
        if end == len(original) or original[end] == "#":
            continue
        left, right = original[max(0, at - 2) : at], original[end : end + 2]
        both = [decided(raw, Decision(do, (at, end))) for do in ("join", "break")]
        for deed, found in zip(("join", "break"), both, strict=True):
            assert found.undo() == raw
            spans = [span for article in found.articles for block in article.blocks for span in block.source]
            together = any(first < at and end < last for first, last in spans)
            assert together == (deed == "join"), f"{left}⏎{right} was to {deed}"


def test_what_is_to_be_kept_is_kept_and_only_that() -> None:
    text = "记者从县里获悉，共 12 人参加， 另有 30 人报名。\n"
    at = text.index(" 12")
    plain, kept = PIPELINE.clean(text), decided(text.encode(), Decision("keep", (at, at + 4)))
    assert "共12人" in plain.text and "共 12 人" in kept.text and "30人" in kept.text


def test_what_was_found_right_is_the_users_own() -> None:
    text = "记者从县里获悉，共 12 人参加。\n"
    at = text.index(" 12")
    document = decided(text.encode(), Decision("change", (at, at + 1)))
    rules = [edit.rule for _, edit in document.edits if edit.old == " "]
    assert document.text == PIPELINE.clean(text).text
    assert rules.count("decision") == 1 and len(rules) == 2


def test_what_the_user_writes_stands_and_is_left_alone() -> None:
    text = "机机王建国说，春耕 12 亩。\n"
    document = decided(text.encode(), Decision("change", (0, 2), text="司机 A,"))
    assert document.text.startswith("司机 A,王建国")
    assert next(iter(document.edits))[1].rule == "decision"
    assert document.undo() == text.encode()


def test_decisions_stand_in_the_journal() -> None:
    entries = (Decision("keep", (0, 1)), Decision("change", (2, 3), text="说"), Decision("role", (0, 3), role="title"))
    document = decided("机机王建国说，春耕备耕。\n".encode(), *entries)
    assert Document.from_json(document.to_json()).decisions == document.decisions == entries


# --- articles: plans by hand, every block named by the letters it is made of

TEXT = "AA\n\nbbb。\n\ncc，\n\nDD\n\nee。\n\nff。\n\n7\n"


def span(letters: str) -> Span:
    return TEXT.index(letters), TEXT.index(letters) + len(letters)


def block(role: Role, *letters: str) -> BlockPlan:
    return BlockPlan(role, tuple(Piece(*span(part)) for part in letters), 0.5)


PLAN = Arrangement(
    (
        ArticlePlan((block("title", "AA"), block("paragraph", "bbb。"), block("paragraph", "cc，", "ff。")), (), 0.6),
        ArticlePlan((block("title", "DD"), block("paragraph", "ee。")), (), 0.6),
    ),
    (Omission(*span("7"), "furniture-page-number"),),
)


def arranged(*entries: Decision) -> list[str]:
    """Return the articles as lines such as `title:AA paragraph:bbb。`, joined pieces with + between them."""
    decisions = Decisions("", entries)
    plan = rearrange(decisions, [(entry, (entry.source, entry.to)) for entry in entries], PLAN, TEXT)
    return [
        " ".join(f"{b.role}:" + "+".join(TEXT[p.start : p.end] for p in b.pieces) for b in article.blocks)
        + "".join(f" [{flag}]" for flag in article.flags)
        for article in plan.articles
    ]


@pytest.mark.parametrize(
    ("entry", "articles"),
    [
        (
            Decision("begin", span("bbb。")),
            [
                "title:AA",
                "paragraph:bbb。 paragraph:cc，+ff。 [headless]",
                "title:DD paragraph:ee。",
            ],
        ),
        (
            Decision("move", span("ee。"), to=span("bbb。")),
            ["title:AA paragraph:bbb。 paragraph:cc，+ff。 paragraph:ee。", "title:DD"],
        ),
        (
            Decision("headline", span("AA"), to=span("ee。")),
            ["title:DD paragraph:bbb。 paragraph:cc，+ff。", "title:AA paragraph:ee。"],
        ),
        (
            Decision("apart", span("ff。")),
            ["title:AA paragraph:bbb。 paragraph:cc， [truncated]", "title:DD paragraph:ee。 paragraph:ff。"],
        ),
        (
            Decision("continue", span("ee。"), to=span("cc，")),
            ["title:AA paragraph:bbb。 paragraph:cc，+ee。 paragraph:ff。", "title:DD"],
        ),
        (
            Decision("role", span("bbb。"), role="heading"),
            ["title:AA heading:bbb。 paragraph:cc，+ff。", "title:DD paragraph:ee。"],
        ),
        (
            Decision("role", span("ee。"), role="kicker"),
            ["title:AA paragraph:bbb。 paragraph:cc，+ff。", "kicker:ee。 title:DD"],
        ),
        (
            Decision("role", span("DD"), role="paragraph"),
            ["title:AA paragraph:bbb。 paragraph:cc，+ff。", "paragraph:DD paragraph:ee。 [headless]"],
        ),
        (
            Decision("role", span("bbb。"), role="furniture"),
            ["title:AA paragraph:cc，+ff。", "title:DD paragraph:ee。"],
        ),
        (
            Decision("role", span("7"), role="credit"),
            ["title:AA paragraph:bbb。 paragraph:cc，+ff。 credit:7", "title:DD paragraph:ee。"],
        ),
    ],
    ids=lambda value: f"{value.do}-{TEXT[slice(*value.source)]}" if isinstance(value, Decision) else "",
)
def test_plans_are_rearranged_as_decided(entry: Decision, articles: list[str]) -> None:
    assert arranged(entry) == articles


@pytest.mark.parametrize(
    "entry",
    [
        Decision("begin", span("DD")),
        Decision("move", span("ee。"), to=span("DD")),
        Decision("headline", span("AA"), to=span("bbb。")),
        Decision("continue", span("ff。"), to=span("cc，")),
        Decision("role", span("AA"), role="title"),
    ],
    ids=lambda entry: entry.do,
)
def test_what_was_right_stays_and_is_sure(entry: Decision) -> None:
    plan = rearrange(Decisions("", (entry,)), [(entry, (entry.source, entry.to))], PLAN, TEXT)
    spans = [[[(p.start, p.end) for p in b.pieces] for b in a.blocks] for a in plan.articles]
    assert spans == [[[(p.start, p.end) for p in b.pieces] for b in a.blocks] for a in PLAN.articles]
    sure = [a.confidence for a in plan.articles] + [b.confidence for a in plan.articles for b in a.blocks]
    assert sure.count(1.0) == 1


def test_a_passage_cannot_continue_itself() -> None:
    with pytest.raises(DecisionsError, match="cannot continue itself"):
        arranged(Decision("continue", span("cc，"), to=span("ff。")))


def test_only_a_headline_can_be_given_away() -> None:
    with pytest.raises(DecisionsError, match="no headline stands there"):
        arranged(Decision("headline", span("bbb。"), to=span("ee。")))


# --- laws

PACE = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
PROSE = st.lists(
    st.text(alphabet=st.sampled_from("天地玄黄宇宙，。、；：“”（）一二１２ 012abc說國□"), max_size=24), max_size=14
).map("\n".join)
PIECES = st.sampled_from([path.read_text("utf-8") for path in SEEDS]).flatmap(
    lambda text: st.integers(0, len(text)).map(lambda at: text[at : at + 500])
)


@st.composite
def texts_with_decisions(draw: st.DrawFn) -> tuple[str, list[Decision]]:
    text = draw(st.one_of(PROSE, PIECES))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda pair: (min(pair), max(pair)))
    roles = st.sampled_from(["title", "paragraph", "heading", "byline", "furniture", "kicker"])
    entry = st.builds(
        lambda do, source, to, role, new: Decision(
            do,
            source,
            to if "to" in DEEDS[do] else None,
            role if do == "role" else None,
            new if do == "change" else None,
        ),
        st.sampled_from(sorted(DEEDS)),
        spans,
        spans,
        roles,
        st.one_of(st.none(), st.text(alphabet="新字 \n1", max_size=4)),
    )
    return text, draw(st.lists(entry, max_size=5))


@PACE
@given(texts_with_decisions())
@example(("\n抓党建促治理，灵石县紧跟部署。\n\n坚持全面推进。\n", [Decision("change", (0, 1), None, None, "1\n1")]))
def test_whatever_is_decided_nothing_is_lost(case: tuple[str, list[Decision]]) -> None:
    """The laws of a cleaning hold under any decisions; those that do not fit are refused as a whole."""
    text, entries = case
    raw = text.encode()
    try:
        document = decided(raw, *entries)
    except DecisionsError as error:
        assert "\n" not in str(error)
        return
    assert document.undo() == raw
    assert document.text == "\n".join(article.text for article in document.articles)
    covered = Counter(
        at
        for start, end in [
            *(s for a in document.articles for b in a.blocks for s in b.source),
            *(drop.source for drop in document.dropped),
        ]
        for at in range(start, end)
    )
    assert not [at for at, times in covered.items() if times > 1], "a passage stands in two places"
    assert +balance(document.original, document.layers) == Counter(document.text)
    again = decided(raw, *entries)
    assert again.to_json() == document.to_json()


@given(st.permutations(range(6)), st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_an_order_carries_every_character_to_its_new_place(permutation: list[int], lengths: list[int]) -> None:
    ends = np.cumsum(lengths)
    starts = ends - lengths
    text = "".join(chr(0x4E00 + n) for n in range(int(ends[-1])))
    order = Order("separate", starts[permutation].astype(np.int32), ends[permutation].astype(np.int32))
    new = order.apply(text)
    places = order.forward(np.arange(len(text)))
    assert [new[place] for place in places.tolist()] == list(text)


# --- on the command line


def test_run_obeys_a_file_beside_the_source_and_one_in_a_folder(command: Command, pages: Path, tmp_path: Path) -> None:
    source = pages / "a.txt"
    sha256 = cleanup.clean(source.read_bytes()).source.sha256
    at = source.read_text("utf-8").index(" 114")
    text = f'schema = 1\nsha256 = "{sha256}"\n[[decision]]\ndo = "keep"\nsource = [{at}, {at + 5}]\n'
    out = tmp_path / "out"

    def result() -> str:
        assert command("run", pages, "-o", out, "-q", *options).returncode == 0
        return next((out / "a").glob("*.txt")).read_text("utf-8")

    options: list[str | Path] = []
    assert "短短114个" in result()
    beside = pages / "a.txt.decisions.toml"
    beside.write_text(text, "utf-8")
    assert "短短 114 个" in result()
    assert command("undo", out / "a").stdout == source.read_bytes()
    beside.unlink()
    assert "短短114个" in result()
    (tmp_path / "decided").mkdir()
    (tmp_path / "decided" / "a.txt.decisions.toml").write_text(text, "utf-8")
    options = ["--decisions", tmp_path / "decided"]
    assert "短短 114 个" in result()


def test_a_stale_file_fails_its_source_alone_and_says_why(command: Command, pages: Path, tmp_path: Path) -> None:
    (pages / "a.txt.decisions.toml").write_text(f'schema = 1\nsha256 = "{"0" * 64}"\n', "utf-8")
    ended = command("run", pages, "-o", tmp_path / "out", "-q")
    assert ended.returncode == 2
    assert (tmp_path / "out" / "1998" / "b" / "document.json").exists()
    (line,) = ended.stderr.decode().splitlines()
    assert "a.txt.decisions.toml: stale" in line
