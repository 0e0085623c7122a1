"""A batch that is run again, has been interrupted, or shares its folder with others."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import OTHER, PAGE, ROOT, Command, tree


def counts(out: Path) -> dict[str, int]:
    told: dict[str, int] = json.loads((out / "run.json").read_bytes())["this_run"]
    return told


def test_a_second_run_does_nothing(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert command("run", pages, "-o", out).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.txt")}
    assert command("run", pages, "-o", out).returncode == 0
    assert counts(out)["unchanged"] == 2 and counts(out)["sources"] == 0
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*.txt")}


def test_only_what_changed_is_done_again(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command("run", pages, "-o", out)
    (pages / "a.txt").write_text(PAGE.replace("防控一线见真情", "众志成城战疫情"), "utf-8")
    command("run", pages, "-o", out)
    assert counts(out) | {"sources": 1, "unchanged": 1} == counts(out)
    assert [path.name for path in (out / "a").glob("*.txt")] == ["01-众志成城战疫情.txt"], "the old article is gone"


def test_a_file_that_was_only_touched_is_not_done_again(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command("run", pages, "-o", out)
    os.utime(pages / "a.txt", (1, 1))
    command("run", pages, "-o", out)
    assert counts(out)["unchanged"] == 2


def test_other_settings_do_everything_again(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command("run", pages, "-o", out)
    command("run", pages, "-o", out, "--spacing", "keep")
    assert counts(out)["sources"] == 2
    assert "短短 114 个小时" in next((out / "a").glob("*.txt")).read_text("utf-8")


def test_an_output_that_was_removed_is_made_again(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command("run", pages, "-o", out)
    whole = tree(out)
    next((out / "a").glob("*.txt")).unlink()
    command("run", pages, "-o", out)
    assert tree(out) == whole


def test_outputs_of_vanished_sources_go_only_when_asked(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command("run", pages, "-o", out)
    (pages / "1998" / "b.txt").unlink()
    command("run", pages, "-o", out)
    assert (out / "1998" / "b" / "document.json").exists()
    command("run", pages, "-o", out, "--prune")
    assert counts(out)["pruned"] == 1
    assert not (out / "1998").exists() and (out / "a").exists()


def test_a_failed_file_is_tried_again(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (pages / "c.txt").write_bytes(b"")
    assert command("run", pages, "-o", out).returncode == 2
    (pages / "c.txt").write_text(PAGE, "utf-8")
    assert command("run", pages, "-o", out).returncode == 0
    assert counts(out)["sources"] == 1


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_killed_at_any_moment_it_ends_as_if_it_had_not_been(tmp_path: Path, form: str) -> None:
    """Killed without warning again and again, then let run: the tree is that of one run, byte for byte."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(120):
        (pages / f"{number:03d}.txt").write_text(PAGE + OTHER * (number % 7) + f"\n第{number}页。\n", "utf-8")
    arguments = ["--format", form, "--set", "shard-size=0.005", "-q", "-j", "2"]
    environment = dict(os.environ, PYTHONPATH=os.fspath(ROOT))

    def start(out: Path) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "cleanup", "run", os.fspath(pages), "-o", os.fspath(out), *arguments]
        return subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    began = time.monotonic()
    assert start(tmp_path / "whole").wait(300) == 0
    whole_time = time.monotonic() - began
    for number in range(3):
        process = start(tmp_path / "broken")
        time.sleep(whole_time * (0.35 + 0.2 * number))
        process.send_signal(signal.SIGKILL if number % 2 == 0 else signal.SIGTERM)
        process.wait(60)
        halves = [path.name for path in (tmp_path / "broken").rglob("*.txt") if not path.read_bytes().endswith(b"\n")]
        assert not halves, "a file that is visible is whole"
    last = start(tmp_path / "broken")
    assert last.wait(300) == 0
    assert tree(tmp_path / "broken") == tree(tmp_path / "whole")


def test_two_runs_do_not_write_into_one_folder(command: Command, pages: Path, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "out"
    out.mkdir()
    handle = os.open(out, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        done = command("run", pages, "-o", out)
    finally:
        os.close(handle)
    assert done.returncode == 2 and b"another run" in done.stderr


def test_what_another_program_wrote_is_not_overwritten(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "a").mkdir(parents=True)
    (out / "a" / "document.json").write_text("mine")
    done = command("run", pages, "-o", out)
    assert done.returncode == 2 and b"was not written by cleanup" in done.stderr
    assert (out / "a" / "document.json").read_text() == "mine"
    assert (out / "1998" / "b" / "document.json").exists()
    assert command("run", pages, "-o", out, "--force").returncode == 0


def test_folders_and_records_are_not_mixed(command: Command, pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command("run", pages, "-o", out)
    done = command("run", pages, "-o", out, "--format", "jsonl")
    assert done.returncode == 2 and b"another folder" in done.stderr


def test_two_folders_with_files_of_one_name_do_not_meet(command: Command, tmp_path: Path) -> None:
    for year, text in (("1998", PAGE), ("1999", OTHER)):
        (tmp_path / year).mkdir()
        (tmp_path / year / "01.txt").write_text(text, "utf-8")
        assert command("run", tmp_path / year, "-o", tmp_path / "out").returncode == 0
    titles = {path.name for path in (tmp_path / "out").rglob("01-*.txt")}
    assert titles == {"01-防控一线见真情.txt", "01-春耕备耕正当时.txt"}
