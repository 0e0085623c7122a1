"""`cleanup explain`, `undo` and `status`: where a line comes from, and what a run has done."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.conftest import OTHER, PAGE, Command, tree


def test_a_line_of_a_source_is_explained(command: Command, pages: Path) -> None:
    told = command("explain", f"{pages / 'a.txt'}:3").stdout.decode()
    assert told.startswith("line 3: 短短␣114␣个小时")
    assert "article 1, paragraph, from line 3" in told and "␣ → ∅" in told


def test_a_line_of_an_article_is_explained_from_the_output_alone(command: Command, pages: Path, tmp_path: Path) -> None:
    command("run", pages / "a.txt", "-o", "out", "-q")
    (pages / "a.txt").unlink()
    (article,) = (tmp_path / "out" / "a").glob("*.txt")
    told = command("explain", f"{article}:3").stdout.decode()
    assert "from line 3" in told and "␣ → ∅" in told


def test_a_line_of_a_markdown_article_is_explained(command: Command, pages: Path, tmp_path: Path) -> None:
    command("run", pages / "a.txt", "-o", "out", "-q", "--format", "markdown")
    (article,) = (tmp_path / "out" / "a").glob("*.md")
    lines = article.read_text("utf-8").split("\n")
    number = next(at for at, line in enumerate(lines, 1) if line.startswith("短短"))
    assert "from line 3" in command("explain", f"{article}:{number}").stdout.decode()


def test_a_place_that_is_none_is_answered(command: Command, pages: Path) -> None:
    for place, said in (("a.txt", "FILE:LINE"), (f"{pages / 'a.txt'}:99", "no line 99"), ("no.txt:1", "no such file")):
        done = command("explain", place)
        assert done.returncode == 2 and said in done.stderr.decode()


def test_undo_of_what_is_no_output_is_answered(command: Command, tmp_path: Path) -> None:
    done = command("undo", tmp_path)
    assert done.returncode == 2 and b"no such file" in done.stderr
    (tmp_path / "document.json").write_text('{"schema": 1}')
    done = command("undo", tmp_path)
    assert done.returncode == 2 and b"damaged" in done.stderr


@pytest.mark.parametrize("form", ["text", "jsonl", "parquet"])
def test_every_source_of_a_run_is_given_back(command: Command, pages: Path, tmp_path: Path, form: str) -> None:
    (pages / "c.txt.gz").write_bytes(gzip.compress(OTHER.encode("gb18030")))
    (pages / "d.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in (PAGE, OTHER)), "utf-8")
    (pages / "e.txt").write_bytes(PAGE.encode() + b"\xff\r\n")
    assert command("run", pages, "-o", "out", "-q", "--format", form).returncode == 0
    expected = {path.relative_to(pages).as_posix(): path.read_bytes() for path in pages.rglob("*.txt")}
    expected |= {"c.txt": OTHER.encode("gb18030"), "d.jsonl/000001.txt": PAGE.encode()}
    expected |= {"d.jsonl/000002.txt": OTHER.encode()}
    for _ in range(2):  # again, what is there stays
        assert command("undo", "out", "-o", "back").returncode == 0
        assert tree(tmp_path / "back") == expected
    assert "name a folder" in command("undo", "out").complaints[0]
    (tmp_path / "back" / "a.txt").write_bytes(b"mine")
    done = command("undo", "out", "-o", "back")
    assert done.returncode == 2 and "exists with other bytes" in done.complaints[0]
    assert (tmp_path / "back" / "a.txt").read_bytes() == b"mine"


def test_undo_refuses_a_document_that_was_changed(command: Command, pages: Path, tmp_path: Path) -> None:
    command("run", pages / "a.txt", "-o", "out", "-q")
    path = tmp_path / "out" / "a" / "document.json"
    path.write_text(path.read_text("utf-8").replace("静态", "动态"), "utf-8")
    done = command("undo", path)
    assert done.returncode == 2 and not done.stdout and b"does not lead back" in done.stderr


def test_status_tells_what_is_done_failed_and_doubtful(command: Command, pages: Path) -> None:
    (pages / "empty.txt").write_bytes(b"")
    command("run", pages, "-o", "out", "-q")
    done = command("status", "out")
    assert done.returncode == 2
    assert f"{pages / 'empty.txt'}: empty" in done.stdout.decode()
    told = json.loads(command("status", "out", "--json").stdout)
    assert (told["done"], told["failed"], told["left"]) == (2, 1, 0)
    sure = [entry["confidence"] for entry in told["doubtful"]]
    assert sure == sorted(sure)


def test_status_of_another_folder_is_answered(command: Command, pages: Path) -> None:
    done = command("status", pages)
    assert done.returncode == 2 and b"not the output of a run" in done.stderr


def test_status_forgets_a_mistyped_name_once_the_run_is_right(command: Command, pages: Path) -> None:
    assert command("run", "pagse", "-o", "out").returncode == 2
    assert command("status", "out").returncode == 2
    assert command("run", pages, "-o", "out").returncode == 0
    assert command("status", "out").returncode == 0


def test_a_damaged_ledger_says_what_to_do(command: Command, pages: Path, tmp_path: Path) -> None:
    command("run", pages, "-o", "out", "-q")
    (tmp_path / "out" / ".cleanup.sqlite").write_bytes(b"no ledger at all" * 100)
    for line in (("status", "out"), ("run", pages, "-o", "out")):
        done = command(*line)
        assert done.returncode == 2 and "remove it" in done.complaints[0]
    (tmp_path / "out" / ".cleanup.sqlite").unlink()
    assert command("run", pages, "-o", "out").returncode == 0
