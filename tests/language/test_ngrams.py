"""The language model: what training keeps and forgets, and what a loaded model answers."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanup.language import ngrams
from cleanup.language.corpus import articles, held_out
from cleanup.language.folding import folded, folding
from cleanup.language.ngrams import PAD, PARAGRAPH, UNKNOWN, NGrams
from cleanup.language.train import RARELY, main, train

MODEL = ngrams.load()
UNIQUE = "乡村工作队进山修路时看见三只白鹤飞过清水河"  # written once in the corpus below, of characters it often uses
WORDS = ["乡村", "工作", "队进", "山修", "路时", "看见", "三只", "白鹤", "飞过", "清水", "河边", "今年", "增产", "百分"]


def title_of(kind: bool) -> str:
    """A title that is held out, or one that is not."""
    return next(title for title in (f"题目{number}" for number in range(1000)) if held_out(title) is kind)


@pytest.fixture(scope="module")
def paragraphs() -> list[str]:
    draw = np.random.default_rng(7)
    made = ["".join(draw.choice(WORDS, 8)) + "，" + "".join(draw.choice(WORDS, 6)) + "。" for _ in range(400)]
    made.insert(200, UNIQUE + "。")
    return made


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, paragraphs: list[str]) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "toy.jsonl.gz"
    kept = {"title": title_of(False), "paragraphs": paragraphs}
    hidden = {"title": title_of(True), "paragraphs": ["龘龘龘龘龘龘。"] * 50}
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(article, ensure_ascii=False) + "\n" for article in (kept, hidden))
    return path


@pytest.fixture(scope="module")
def toy(corpus: Path) -> NGrams:
    path = corpus.with_name("toy.ngrams")
    path.write_bytes(train([corpus]))
    return ngrams.load(path)


def counted(paragraphs: list[str], n: int) -> Counter[str]:
    """How often each n-gram occurs in the toy corpus, ¶ first or last."""
    marked = [f"¶{paragraph}¶" for paragraph in [title_of(False), *paragraphs]]
    return Counter(
        text[k : k + n].translate(str.maketrans("0123456789", "0000000000"))
        for text in marked
        for k in range(len(text) - n + 1)
    )


def ids_of(model: NGrams, text: str) -> ngrams.Ids:
    """Ids of a text in which ¶ is the paragraph mark and _ is PAD."""
    ids = model.encode_text(text).copy()
    ids[[character == "¶" for character in text]] = PARAGRAPH
    ids[[character == "_" for character in text]] = PAD
    return ids


def stored(model: NGrams, gram: str) -> bool:
    """Whether a model keeps an n-gram."""
    return (
        bool(model.contexts_after(ids_of(model, gram)[None])[-1][0] >= 0)
        if len(gram) < model.order
        else kept(model, gram)
    )


def kept(model: NGrams, gram: str) -> bool:
    ids = ids_of(model, gram)
    return bool(model.find(len(gram), model.contexts_after(ids[None, :-1])[-1], ids[-1:])[0] >= 0)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_what_was_seen_less_than_three_times_is_forgotten(toy: NGrams, paragraphs: list[str], n: int) -> None:
    counts = counted(paragraphs, n)
    remembered = {gram for gram in counts if kept(toy, gram)}
    assert remembered
    assert all(counts[gram] >= RARELY for gram in remembered)
    assert len(remembered) == toy.summary["ngrams"][n - 1], "nothing is stored that the text does not hold"


def test_a_sentence_read_once_cannot_be_recited(toy: NGrams) -> None:
    said = list(toy.encode_text(UNIQUE[:3]))
    every = np.arange(len(toy.unigrams), dtype=np.uint16)
    while len(said) < len(UNIQUE):
        rows = np.column_stack([np.tile(np.array(said[-3:], dtype=np.uint16), (len(every), 1)), every])
        said.append(int(np.argmax(np.where(every == PAD, -np.inf, toy.log_prob(rows)))))
    assert said != toy.encode_text(UNIQUE).tolist()
    assert toy.score_text(toy.encode_text(UNIQUE)).sum() < -20, "nor is it likely to be drawn"


def test_the_held_out_tenth_is_never_read(toy: NGrams) -> None:
    assert toy.encode_text("龘")[0] == UNKNOWN
    assert toy.encode_text("村")[0] != UNKNOWN


def test_training_twice_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        main([str(corpus), "-o", str(tmp_path / name)])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_smaller_model_is_smaller_and_knows_less(corpus: Path, toy: NGrams, tmp_path: Path) -> None:
    bare = len(train([corpus], size=0))
    small = train([corpus], size=bare + 2_000)
    (tmp_path / "small").write_bytes(small)
    model = ngrams.load(tmp_path / "small")
    assert sum(model.summary["ngrams"]) < sum(toy.summary["ngrams"])
    assert model.perplexity(model.encode_text("".join(WORDS))) > toy.perplexity(toy.encode_text("".join(WORDS)))


def test_plain_text_is_a_corpus_of_a_paragraph_a_line(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("第一段。\n第二段。\n", encoding="utf-8")
    assert [text for _, texts in articles(tmp_path / "plain.txt") for text in texts] == ["第一段。\n", "第二段。\n"]


def test_a_weight_needs_a_corpus_and_changes_what_is_likely(corpus: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("清水煮白鹤。\n乡村煮白鹤。\n清水煮白饭。\n" * 30, encoding="utf-8")
    likely = []
    for weight in (1.0, 20.0):
        (tmp_path / f"{weight}").write_bytes(train([corpus, other], weights={"other": weight}))
        model = ngrams.load(tmp_path / f"{weight}")
        likely.append(model.log_prob(ids_of(model, "¶清水煮")[None])[0])
    assert likely[1] > likely[0]
    with pytest.raises(KeyError):
        train([corpus], weights={"missing": 2.0})


def test_measuring_reports_the_held_out_tenth(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(corpus), "-o", str(tmp_path / "model")])
    main([str(corpus), "--measure", str(tmp_path / "model")])
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("| toy"))
    assert row.split("|")[2].strip() == str(len(title_of(True)) + 1 + 50 * 8)


@pytest.mark.parametrize("context", ["___", "__¶", "_¶本", "中国人", "记者从", "龘鼷麤", "0年0", "。”¶", "_，但"])
def test_probabilities_sum_to_one(context: str) -> None:
    words = np.arange(PARAGRAPH, len(MODEL.unigrams), dtype=np.uint16)
    rows = np.column_stack([np.tile(ids_of(MODEL, context), (len(words), 1)), words])
    assert np.exp(MODEL.log_prob(rows).astype(np.float64)).sum() == pytest.approx(1, abs=0.03)


texts = st.text(st.characters(codec=None), max_size=40) | st.text("中国人民的，。“”（）2022一二三记者", max_size=40)


@given(texts)
def test_any_text_is_scored_and_windows_agree_with_the_whole(text: str) -> None:
    ids = MODEL.encode_text(text)
    assert len(ids) == len(text)
    scores = MODEL.score_text(ids)
    assert np.all(np.isfinite(scores))
    assert np.all(scores <= 0)
    padded = np.concatenate([ids_of(MODEL, "__¶"), ids]).astype(np.uint16)
    if text:
        np.testing.assert_allclose(
            MODEL.log_prob(np.lib.stride_tricks.sliding_window_view(padded, 4)), scores, rtol=1e-5
        )


@given(st.text("中国人民的，。“2者", min_size=0, max_size=3), st.text("中国人民的，。“2者", min_size=0, max_size=3))
def test_continuation_is_the_odds_of_running_on_against_starting_afresh(left: str, right: str) -> None:
    def likely(text: str) -> float:
        return float(MODEL.log_prob(ids_of(MODEL, text.rjust(4, "_")[-4:])[None])[0])

    together = sum(likely((left + right[:k])[-4:]) for k in range(1 + len(right)) if k)
    apart = sum(likely(("¶" + right[:k])[-4:]) for k in range(1 + len(right)) if k)
    odds = MODEL.continuation(ids_of(MODEL, left.rjust(3, "_"))[None], ids_of(MODEL, right.ljust(3, "_"))[None])[0]
    assert odds == pytest.approx(together - apart - likely(left + "¶"), abs=1e-3)


def test_gaps_inside_words_run_on_and_closed_sentences_before_a_dateline_do_not() -> None:
    inside = MODEL.continuation(ids_of(MODEL, "民代表")[None], ids_of(MODEL, "大会常")[None])[0]
    between = MODEL.continuation(ids_of(MODEL, "召开。")[None], ids_of(MODEL, "本报讯")[None])[0]
    assert inside > 3
    assert between < -3


def test_rows_are_scored_alike_however_many_are_asked_at_once() -> None:
    draw = np.random.default_rng(1)
    rows = draw.integers(PARAGRAPH, len(MODEL.unigrams), (ngrams.ROWS_AT_ONCE + 5, 6)).astype(np.uint16)
    whole = MODEL.continuation(rows[:, :3], rows[:, 3:])
    np.testing.assert_array_equal(whole[-7:], MODEL.continuation(rows[-7:, :3], rows[-7:, 3:]))
    assert MODEL.continuation(rows[:0, :3], rows[:0, 3:]).shape == (0,)


def test_threads_get_the_same_answers() -> None:
    ids = MODEL.encode_text("全国人民代表大会常务委员会第五次会议在北京举行。" * 200)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(MODEL.score_text, [ids] * 8))
    assert all(np.array_equal(answer, answers[0]) for answer in answers)


def test_widths_digits_letters_and_quotes_are_folded() -> None:
    pairs = [
        ("１９９８年", "2022年"),
        ("ＡＢ岗", "xy岗"),
        ("好,", "好，"),
        ("「好」", "“好”"),
        ("⼀⽉", "一月"),
        ("—", "―"),
    ]
    for one, other in pairs:
        assert MODEL.encode_text(one).tolist() == MODEL.encode_text(other).tolist()
    assert MODEL.encode_text("乾")[0] != MODEL.encode_text("干")[0]
    assert MODEL.encode_text("“")[0] != MODEL.encode_text("”")[0]


@given(st.characters(codec=None))
def test_folding_is_idempotent_and_its_table_agrees(character: str) -> None:
    assert folded(folded(character)) == folded(character)
    assert chr(folding()[ord(character)]) == folded(character)


def test_the_shipped_model_is_small_whole_and_quick_to_load() -> None:
    assert ngrams.SHIPPED.stat().st_size <= 8_000_000
    assert ngrams.verify()
    assert MODEL.summary["rarely"] >= RARELY
    times = []
    for _ in range(3):
        start = time.perf_counter()
        ngrams._read.__wrapped__(ngrams.SHIPPED)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05
    assert ngrams.load() is MODEL
    with pytest.raises(ValueError, match="read-only"):
        MODEL.levels[0].log_probs[0] = 0


@pytest.mark.parametrize(
    "damage", [lambda whole: b"", lambda whole: b"not a model", lambda whole: whole[:-1], lambda whole: whole[:40]]
)
def test_a_file_that_is_no_whole_model_is_refused(damage: object, corpus: Path, tmp_path: Path) -> None:
    assert callable(damage)
    path = tmp_path / "damaged"
    path.write_bytes(damage(train([corpus])))
    with pytest.raises(ValueError):
        ngrams.load(path)


def test_a_changed_byte_is_noticed(corpus: Path, tmp_path: Path) -> None:
    whole = bytearray(train([corpus]))
    whole[-1] ^= 1
    (tmp_path / "changed").write_bytes(whole)
    assert not ngrams.verify(tmp_path / "changed")


def test_training_on_almost_nothing_still_gives_a_model(tmp_path: Path) -> None:
    tiny = tmp_path / "tiny.txt"
    tiny.write_text("春\n" * 3, encoding="utf-8")
    (tmp_path / "model").write_bytes(train([tiny]))
    model = ngrams.load(tmp_path / "model")
    assert np.isfinite(model.score_text(model.encode_text("春夏"))).all()


def test_rarity_is_plain_frequency(toy: NGrams, paragraphs: list[str]) -> None:
    counts = counted(paragraphs, 1)
    often, seldom = toy.unigram_log_prob(toy.encode_text("乡清"))
    assert often - seldom == pytest.approx(np.log(counts["乡"] / counts["清"]), abs=0.01)
