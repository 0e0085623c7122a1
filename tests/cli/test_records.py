"""Corpus files in and out: JSON Lines and Parquet."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OTHER, PAGE, Command


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_jsonl_has_a_record_an_article(command: Command, pages: Path, tmp_path: Path) -> None:
    assert command("run", pages, "-o", "out", "--format", "jsonl").returncode == 0
    records = lines(tmp_path / "out" / "articles-00000.jsonl")
    assert {record["title"] for record in records} == {"防控一线见真情", "春耕备耕正当时"}
    record = next(record for record in records if record["source"] == "a.txt")
    assert record["text"].startswith("防控一线见真情\n\n短短114个小时")
    assert record["roles"][0] == "title"
    assert len(record["roles"]) == len(record["blocks"]) == len(record["source_spans"])
    assert 0 <= record["confidence"] <= 1 and len(record["sha256"]) == 64


def test_parquet_has_the_same_records(command: Command, pages: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    command("run", pages, "-o", "rows", "--format", "jsonl", "-q")
    assert command("run", pages, "-o", "table", "--format", "parquet", "-q").returncode == 0
    table = parquet.read_table(tmp_path / "table" / "articles-00000.parquet").to_pylist()
    assert table == lines(tmp_path / "rows" / "articles-00000.jsonl")


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_records_can_be_undone(command: Command, pages: Path, form: str) -> None:
    pytest.importorskip("pyarrow")
    command("run", pages, "-o", "out", "--format", form, "-q")
    assert command("undo", "out/1998/b").stdout == OTHER.encode()
    assert command("undo", "out/nothing").returncode == 2


def test_a_shard_is_written_again_only_where_something_changed(command: Command, pages: Path, tmp_path: Path) -> None:
    command("run", pages, "-o", "out", "--format", "jsonl", "-q")
    before = {record["key"]: record for record in lines(tmp_path / "out" / "articles-00000.jsonl")}
    (pages / "a.txt").write_text(PAGE.replace("114", "115"), "utf-8")
    (pages / "new.txt").write_text(OTHER, "utf-8")
    told = json.loads(command("run", pages, "-o", "out", "--format", "jsonl", "--json").stdout)
    assert told["this_run"]["sources"] == 2 and told["this_run"]["unchanged"] == 1
    after = {record["key"]: record for record in lines(tmp_path / "out" / "articles-00000.jsonl")}
    assert after["1998/b"] == before["1998/b"]
    assert "115" in after["a"]["text"]
    (pages / "a.txt").unlink()
    command("run", pages, "-o", "out", "--format", "jsonl", "--prune", "-q")
    keys = {record["key"] for path in (tmp_path / "out").glob("articles-*") for record in lines(path)}
    assert keys == {"1998/b", "new"}


def test_records_are_sources_too(command: Command, tmp_path: Path) -> None:
    rows = [{"id": "p1", "body": PAGE}, {"id": "p2", "body": OTHER}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = command("run", "in.jsonl", "--text-field", "body", "--format", "jsonl")
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == ["in.jsonl#p1", "in.jsonl#p2"]
    assert command("run", "in.jsonl", "--text-field", "body", "-o", "out", "-q").returncode == 0
    assert command("undo", "out/in/000002").stdout == OTHER.encode()
    command("run", "in.jsonl", "--text-field", "body", "-o", "rows", "--format", "jsonl", "-q")
    assert command("undo", "rows/in#p2").stdout == OTHER.encode()


def test_a_record_that_is_none_is_named(command: Command, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "text": PAGE}) + "\nno json\n", "utf-8")
    done = command("run", "in.jsonl", "-o", "out")
    assert done.returncode == 2 and b"line 2 is not JSON" in done.stderr
    whole = json.dumps({"id": 3, "text": OTHER}) + "\n"
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "text": PAGE}) + "\nno json\n" + whole, "utf-8")
    for form, key in (("text", "in/000003"), ("jsonl", "in#3")):
        done = command("run", "in.jsonl", "-o", form, "--format", form)
        assert done.returncode == 2 and b"1 of 3 records failed, the others are done" in done.stderr
        assert command("undo", f"{form}/{key}").stdout == OTHER.encode()
    done = command("run", "in.jsonl", "--format", "jsonl")
    assert done.returncode == 2 and b"record 2: line 2 is not JSON" in done.stderr
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == ["in.jsonl#1", "in.jsonl#3"]
    (tmp_path / "other.jsonl").write_text(json.dumps({"id": 1, "body": PAGE}) + "\n", "utf-8")
    done = command("run", "other.jsonl")
    assert done.returncode == 2 and b"--text-field" in done.stderr and b"id, body" in done.stderr


def test_a_line_without_end_is_refused_and_not_held(command: Command, tmp_path: Path) -> None:
    whole = json.dumps({"id": "p1", "text": PAGE}) + "\n"
    (tmp_path / "in.jsonl").write_text('{"text": "' + "文" * 100_000 + '"}\n' + whole, "utf-8")
    done = command("run", "in.jsonl", "--limit", "0.02", "--format", "jsonl")
    assert done.returncode == 2 and b"line 1 is longer" in done.stderr
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == ["in.jsonl#p1"]


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_packed_records_are_sources(command: Command, tmp_path: Path, packing: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    pack = gzip.compress if packing == "gz" else pytest.importorskip("zstandard").compress
    rows = [{"id": "a", "text": PAGE}, {"id": "b", "text": OTHER}]
    (tmp_path / f"in.jsonl.{packing}").write_bytes(pack("".join(json.dumps(row) + "\n" for row in rows).encode()))
    plain = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows), plain)
    (tmp_path / f"in.parquet.{packing}").write_bytes(pack(plain.getvalue()))
    for name in (f"in.jsonl.{packing}", f"in.parquet.{packing}"):
        done = command("run", name, "--format", "jsonl")
        assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == [f"{name}#a", f"{name}#b"]


def test_parquet_is_a_source(command: Command, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    import pyarrow

    parquet.write_table(pyarrow.table({"text": [PAGE, OTHER], "id": ["a", "b"]}), tmp_path / "in.parquet")
    done = command("run", "in.parquet", "--format", "jsonl")
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == ["in.parquet#a", "in.parquet#b"]


def test_jsonl_comes_from_standard_input_too(command: Command) -> None:
    row = json.dumps({"id": "p1", "text": PAGE}).encode() + b"\n"
    done = command("run", "-", "--from", "jsonl", "--format", "jsonl", stdin=row)
    assert json.loads(done.stdout)["source"] == "stdin#p1"
