"""Ray and the local engine give the same rows, whatever happens to the workers on the way."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cleanup.options import Options
from tests.conftest import OTHER, PAGE, ROOT, Command, Ended
from tests.scale.stages import ALWAYS, CRASH, HANG, HUNGER, ONCE

SEEDS = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
SOURCES = 60
HARMFUL = Options(stages=("tests.scale.stages:harm",))


def passages() -> dict[str, str]:
    """Return passages of the seeds by name, no two alike."""
    lines = [text.splitlines(keepends=True) for text in SEEDS]
    return {f"p{at:02d}": f"第{at}页\n\n" + "".join(lines[at % 5][: 8 + at]) for at in range(SOURCES)}


def local_rows(command: Command, folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the articles and journal of the local engine, by its command."""
    from pyarrow import parquet

    assert command("run", folder, "-o", "local", "--format", "parquet", "-j", "1", "-q").returncode == 0
    articles, journal = (
        [row for path in sorted(Path("local").glob(f"{kind}-*")) for row in parquet.read_table(path).to_pylist()]
        for kind in ("articles", "journal")
    )
    return articles, journal


def keyed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the key a Ray run has, the digest of the source, in the order of names and articles."""
    named = [{**row, "key": row["sha256"]} for row in rows]
    for row in named:
        if "id" in row:
            row["id"] = f"{row['sha256']}#{row['article']}"
    return sorted(named, key=lambda row: (row["source"], row.get("article", 0)))


def written(out: Path, kind: str) -> list[dict[str, Any]]:
    """Return the rows of one table of a Ray run."""
    from pyarrow import parquet

    rows = [row for path in sorted(out.glob(f"{kind}-*.parquet")) for row in parquet.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: (row["source"], row.get("article", 0)))


def told(ended: Ended) -> dict[str, Any]:
    assert ended.returncode in (0, 2), ended.stderr
    record: dict[str, Any] = json.loads(ended.stdout)
    return record


def test_rows_are_those_of_the_local_engine_though_an_actor_is_killed_and_rows_are_poisoned(
    cluster: Any, place: Path, command: Command, tmp_path: Path
) -> None:
    from cleanup.ray import articles, clean_dataset, failures, journal

    texts = passages()
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).with_suffix(".txt").write_text(text, "utf-8")
    texts["p31"] += f"\n\n{ONCE}。\n"
    (folder / "p31.txt").write_text(texts["p31"], "utf-8")
    poison = {"crash": CRASH, "hang": HANG, "hunger": HUNGER}
    rows = [{"id": f"{name}.txt", "page": text} for name, text in texts.items()]
    rows[20:20] = [{"id": name, "page": f"{PAGE}{word}\n"} for name, word in poison.items()]
    rows.append({"id": "empty", "page": " \n"})

    dataset = cluster.data.from_items(rows, override_num_blocks=6)
    cleaned = clean_dataset(
        dataset, column="page", name_column="id", settings=HARMFUL, workers=2, timeout=6.0, memory=1_500_000_000
    ).materialize()

    assert (place / "killed").exists(), "no actor was killed"
    assert len(list(place.glob("actor-*"))) >= 3, "two actors, and the one in the place of the killed one"
    expected_articles, expected_journal = (keyed(each) for each in local_rows(command, folder))
    assert keyed(journal(cleaned).take_all()) == expected_journal
    assert keyed(articles(cleaned).take_all()) == expected_articles
    causes = {row["source"]: row["cause"] for row in failures(cleaned).take_all()}
    assert causes.keys() == {*poison, "empty"}
    assert "SIGKILL" in causes["crash"] and "took longer than 6 s" in causes["hang"]
    assert causes["hunger"] == "not enough memory" and causes["empty"].startswith("empty")


def test_a_row_that_takes_every_actor_with_it_is_a_failure_and_the_job_ends(cluster: Any, place: Path) -> None:
    from cleanup.ray import articles, clean_dataset, failures

    (place / "actor-other").touch()  # this job has one actor, and waits for no second one
    rows = [{"id": str(number), "text": text} for number, text in enumerate(list(passages().values())[:12])]
    rows[5]["text"] += f"\n\n{ALWAYS}。\n"
    dataset = cluster.data.from_items(rows, override_num_blocks=2)
    cleaned = clean_dataset(dataset, name_column="id", settings=HARMFUL, workers=1).materialize()
    (failure,) = failures(cleaned).take_all()
    assert failure["source"] == "5" and failure["cause"].startswith("2 workers were lost with it")
    done = {row["source"] for row in articles(cleaned).take_all()}
    assert done == {row["id"] for row in rows} - {"5"}


def test_the_command_writes_what_the_local_engine_writes_and_goes_on(
    cluster: Any, command: Command, tmp_path: Path
) -> None:
    from pyarrow import Table, parquet

    folder = tmp_path / "in"
    (folder / "1998").mkdir(parents=True)
    (folder / "a.txt").write_text(PAGE, "utf-8")
    (folder / "1998" / "b.txt").write_bytes(OTHER.encode("gb18030"))
    records = [{"id": f"r{number}", "text": text} for number, text in enumerate(list(passages().values())[:6])]
    (folder / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in records), "utf-8")
    parquet.write_table(Table.from_pylist([{"text": OTHER + PAGE}, {"text": PAGE + OTHER}]), folder / "d.parquet")
    out = tmp_path / "out"
    first = told(command("run", folder, "-o", "out", "--engine", "ray", "-j", "1", "--json"))
    articles, journal = local_rows(command, folder)
    assert written(out, "articles") == keyed(articles)
    assert written(out, "journal") == keyed(journal)
    assert first["counts"]["sources"] == 10 and first["counts"]["articles"] == len(articles)

    before = {path.name: path.read_bytes() for path in out.glob("*.parquet")}
    (folder / "bad.txt").write_bytes(b"%PDF-1.7")
    (folder / "e.txt").write_text(PAGE.replace("114", "115"), "utf-8")
    again = command("run", folder, "-o", out, "--engine", "ray", "-j", "1", "--json")
    assert again.returncode == 2 and again.complaints[0].startswith("cleanup: bad.txt: not text: a PDF file")
    counts = told(again)
    assert counts["this_run"]["sources"] == 1 and counts["counts"]["sources"] == 11
    assert before.items() <= {path.name: path.read_bytes() for path in out.glob("*.parquet")}.items()
    assert [row["source"] for row in written(out, "failures")] == ["bad.txt"]
    assert Counter(row["source"] for row in written(out, "journal")).most_common(1)[0][1] == 1

    other = command("run", folder, "-o", out, "--engine", "ray", "--spacing", "keep")
    assert other.returncode == 2 and b"other settings" in other.stderr


def test_what_an_interruption_left_is_no_result(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow

    from cleanup import clean
    from cleanup.ray.tables import cleaned_row, cleaned_schema, failed_row
    from cleanup.ray.writing import held, write_shards

    rows = [cleaned_row(clean(PAGE, "a"), 0.8), failed_row("b", b"", "empty"), cleaned_row(clean(OTHER, "c"), 0.8)]
    table = pyarrow.Table.from_pylist(rows, schema=cleaned_schema())
    write_shards(table, str(tmp_path), 1)
    assert len(list(tmp_path.glob("journal-*"))) == 2
    next(tmp_path.glob("journal-*")).unlink()
    found = held(str(tmp_path))
    assert len(found.marks) == 1 and found.tally.sources == 1
    assert len(list(tmp_path.glob("articles-*"))) == 1 and not list(tmp_path.glob("failures-*"))


def test_places_of_other_file_systems_are_read_and_written(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow

    from cleanup import clean
    from cleanup.batch.find import Search
    from cleanup.batch.work import Job
    from cleanup.ray.reading import files, sources
    from cleanup.ray.tables import cleaned_row, cleaned_schema
    from cleanup.ray.writing import held, place_of, write_bytes, write_shards

    folder = tmp_path / "in"
    (folder / "1998").mkdir(parents=True)
    (folder / "1998" / "a.txt.gz").write_bytes(gzip.compress(PAGE.encode()))
    (folder / "b.jsonl").write_text(json.dumps({"id": "r", "text": OTHER}) + "\nno json\n", "utf-8")
    (folder / "c.txt").write_bytes(b"%PDF-1.7")
    (folder / "d.png").write_bytes(b"")
    found = list(files([folder.as_uri()], Search()))
    assert [one.name for one in found] == ["1998/a.txt.gz", "b.jsonl", "c.txt"]
    read = {name: (raw, cause) for one in found for name, raw, cause in sources(one.path, one.name, Job())}
    assert read["1998/a.txt.gz"] == (PAGE.encode(), "") and read["b.jsonl#r"] == (OTHER.encode(), "")
    assert "not JSON" in read["b.jsonl#2"][1] and read["c.txt"][1].startswith("not text: a PDF")
    gone = list(files([(tmp_path / "gone").as_uri()], Search()))
    assert [one.problem for one in gone] == ["no such file or folder"]

    out = place_of(Path((tmp_path / "out").as_uri()))
    assert len(held(out).marks) == 0
    write_shards(pyarrow.Table.from_pylist([cleaned_row(clean(PAGE), 0.8)], schema=cleaned_schema()), out, 1)
    write_bytes(b"{}", out, "run.json")
    assert len(held(out).marks) == 1 and (tmp_path / "out" / "run.json").read_bytes() == b"{}"


def test_a_worker_of_another_kind_is_refused(tmp_path: Path) -> None:
    from dataclasses import replace

    from cleanup.ray.luggage import LuggageError, pack, unpack

    own = tmp_path / "rules"
    own.mkdir()
    (own / "mine.toml").write_text('[[table]]\nname = "mine"\nentries = ["甲"]\n', "utf-8")
    luggage = pack(Options(rules=(own,)))
    (own / "mine.toml").unlink()  # a worker elsewhere does not see the user's folder
    options = unpack(luggage, tmp_path / "there")
    assert (options.rules[0] / "mine.toml").exists()
    with pytest.raises(LuggageError, match="same version"):
        unpack(replace(luggage, version="0.0.1"), tmp_path / "old")
    with pytest.raises(LuggageError, match="same package"):
        unpack(replace(luggage, digest="0" * 64), tmp_path / "other")


@pytest.mark.parametrize("option", ["--pages", "--prune", "--report", "--format=text"])
def test_what_only_the_local_engine_does_is_said(option: str, command: Command, pages: Path) -> None:
    ended = command("run", pages, "-o", "out", "--engine", "ray", option)
    assert ended.returncode == 2 and b"local engine" in ended.stderr
