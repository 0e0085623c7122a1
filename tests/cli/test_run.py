"""`cleanup run` as a user calls it: what is printed, what is written, how it ends."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cleanup
from tests.conftest import OTHER, PAGE, ROOT, Command, tree


def test_without_a_folder_the_articles_are_printed(command: Command, pages: Path) -> None:
    done = command("run", pages / "a.txt")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("防控一线见真情\n\n短短114个小时，全县解除静态管理。\n")
    assert not done.stderr


def test_standard_input_is_a_source(command: Command) -> None:
    done = command("run", "-", stdin=PAGE.encode("gb18030"))
    assert "短短114个小时" in done.stdout.decode()


def test_standard_input_is_written_to_a_folder_whenever_it_comes(command: Command, tmp_path: Path) -> None:
    for text in (PAGE, OTHER):
        assert command("run", "-", "-o", "out", "-q", stdin=text.encode()).returncode == 0
        assert command("undo", "out/stdin").stdout == text.encode()
    assert set(tree(tmp_path / "out")) == {"stdin/01-春耕备耕正当时.txt", "stdin/document.json"}
    row = json.dumps({"id": "p1", "text": PAGE}).encode()
    done = command("run", "-", "-o", "rows", "-q", "--from", "jsonl", "--format", "jsonl", stdin=row)
    assert done.returncode == 0
    assert command("undo", "rows/stdin#p1").stdout == PAGE.encode()


def test_a_folder_is_cleaned_into_another(command: Command, pages: Path, tmp_path: Path) -> None:
    done = command("run", pages, "-o", "out")
    assert done.returncode == 0
    assert set(tree(tmp_path / "out")) == {
        "a/01-防控一线见真情.txt",
        "a/document.json",
        "1998/b/01-春耕备耕正当时.txt",
        "1998/b/document.json",
    }
    table = done.stdout.decode()
    for label in ("sources", "articles", "line ends joined", "characters converted", "blocks moved", "low-confidence"):
        assert label in table


def test_run_json_tells_counts_versions_and_failures(command: Command, pages: Path, tmp_path: Path) -> None:
    (pages / "empty.txt").write_bytes(b"")
    done = command("run", pages, "-o", "out", "--json")
    told = json.loads(done.stdout)
    assert told == json.loads((tmp_path / "out" / "run.json").read_bytes())
    assert told["counts"]["sources"] == 2 and told["counts"]["failed"] == 1
    assert told["version"] == cleanup.__version__ and len(told["rulebook"]) == 64
    assert told["failures"] == [{"source": str(pages / "empty.txt"), "cause": "empty"}]


def test_undo_gives_every_source_back_from_the_output_alone(command: Command, pages: Path, tmp_path: Path) -> None:
    (pages / "gbk.txt").write_bytes(b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode())
    (pages / "wide.txt").write_bytes(OTHER.encode("utf-16"))
    (pages / "old.txt").write_bytes(OTHER.encode("gb18030"))
    sources = {name: (pages / f"{name}.txt").read_bytes() for name in ("a", "gbk", "wide", "old")}
    command("run", pages, "-o", "out", "-q")
    for path in pages.glob("*.txt"):
        path.unlink()
    for name, raw in sources.items():
        assert command("undo", tmp_path / "out" / name).stdout == raw
    assert command("undo", tmp_path / "out" / "a", "-o", "back.txt").returncode == 0
    assert (tmp_path / "back.txt").read_bytes() == sources["a"]


@pytest.mark.parametrize(
    ("name", "raw", "cause"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n\t ", "white space"),
        ("paper.txt", b"%PDF-1.7\n...", "PDF"),
        ("noise.txt", bytes(range(256)) * 8, "not text"),
        ("zeros.txt", b"\0" * 100, "not text"),
        ("mark.txt", b"\xff\xfe", "empty"),
        ("broken.txt.gz", b"\x1f\x8b\x08 no gzip", "damaged"),
    ],
)
def test_a_bad_file_is_named_with_its_cause_and_the_rest_is_done(
    command: Command, pages: Path, tmp_path: Path, *, name: str, raw: bytes, cause: str
) -> None:
    (pages / name).write_bytes(raw)
    done = command("run", pages, "-o", "out")
    assert done.returncode == 2
    (line,) = done.complaints
    assert str(pages / name) in line and cause in line
    assert (tmp_path / "out" / "a" / "document.json").exists()
    assert not (tmp_path / "out" / name.partition(".")[0]).exists(), "nothing half-written"


def test_a_file_over_the_limit_is_refused_and_the_limit_is_a_setting(command: Command, tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_text("长" * 400_000, "utf-8")
    done = command("run", "big.txt", "--limit", "1")
    assert done.returncode == 2 and b"limit of 1 MB" in done.stderr
    (tmp_path / "cleanup.toml").write_text("limit = 1.5\n")
    assert command("run", "big.txt").returncode == 0


def test_an_output_that_cannot_be_written_is_named(command: Command, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    done = command("run", pages, "-o", "taken")
    assert done.returncode == 2 and done.stderr.startswith(b"cleanup: taken: ")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").write_text("a file where a folder must be")
    done = command("run", pages, "-o", "out")
    assert done.returncode == 2 and b"a.txt: " in done.stderr and b"is in the way" in done.stderr
    assert (tmp_path / "out" / "1998" / "b" / "document.json").exists()


def test_the_limit_holds_for_what_is_packed(command: Command, tmp_path: Path) -> None:
    (tmp_path / "bomb.txt.gz").write_bytes(gzip.compress(b"0" * 3_000_000))
    done = command("run", "bomb.txt.gz", "--limit", "1")
    assert done.returncode == 2 and b"limit of 1 MB" in done.stderr


def test_packed_files_are_sources(command: Command, tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "b.txt.zst").write_bytes(zstandard.ZstdCompressor().compress(OTHER.encode()))
    done = command("run", "a.txt.gz", "b.txt.zst", "-o", "out")
    assert done.returncode == 0
    assert command("undo", "out/a").stdout == PAGE.encode()
    assert command("undo", "out/b").stdout == OTHER.encode()


def test_where_there_is_nothing_to_do_it_is_said_why(command: Command, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "p1.ocr").write_text(PAGE, "utf-8")
    done = command("run", "scans", "-o", "out")
    assert done.returncode == 0
    assert b"no texts found" in done.stderr and b".txt" in done.stderr and b"--include" in done.stderr
    done = command("run", pages, "-o", pages)
    assert done.returncode == 2 and b"name another one with -o" in done.stderr


def test_a_missing_file_is_named(command: Command) -> None:
    done = command("run", "nowhere.txt", "-o", "out")
    assert done.returncode == 2 and b"nowhere.txt: no such file" in done.stderr


def test_bad_settings_stop_before_anything_is_written(command: Command, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "cleanup.toml").write_text('spacign = "keep"\n')
    done = command("run", pages, "-o", "out")
    assert done.returncode == 2
    (line,) = done.complaints
    assert "cleanup.toml" in line and "did you mean spacing?" in line
    assert not (tmp_path / "out").exists()


def test_a_bad_rule_file_stops_before_anything_is_written(command: Command, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "my-rules").mkdir()
    (tmp_path / "my-rules" / "mine.toml").write_text('stage = "rejoin"\n[[rule]]\nid = "x"\nfind = "("\n')
    done = command("run", pages, "-o", "out", "--rules", "my-rules")
    assert done.returncode == 2
    (line,) = done.complaints
    assert "mine.toml" in line
    assert not list((tmp_path / "out").rglob("*.txt"))


def test_hostile_names_are_cleaned_and_told_on_one_line(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    long = "长" * 83 + ".txt"
    names = [long.encode(), b"new\nline.txt", b"\xff\xfe.txt", "\u202eabc.txt".encode(), b"-o.txt", b" .txt"]
    names.append(b"'\";$(x).txt")
    for name in names:
        (folder / Path(name.decode("utf-8", "surrogateescape"))).write_text(PAGE, "utf-8")
    (folder / "bad\nname.txt").write_bytes(b"")
    done = command("run", folder, "-o", "out")
    assert done.returncode == 2
    (line,) = done.complaints
    assert "bad\\nname.txt" in line
    assert len(list((tmp_path / "out").rglob("document.json"))) == len(names)


def test_markdown_output_has_front_matter(command: Command, pages: Path, tmp_path: Path) -> None:
    command("run", pages / "a.txt", "-o", "out", "--format", "markdown")
    (path,) = (tmp_path / "out" / "a").glob("*.md")
    text = path.read_text("utf-8")
    assert text.startswith('---\ntitle: "防控一线见真情"\n')
    assert "\n# 防控一线见真情\n\n短短114个小时" in text
    told = json.loads((path.parent / "document.json").read_bytes())
    assert told["articles"][0]["file"] == path.name


def test_printing_ends_quietly_when_nobody_reads(pages: Path) -> None:
    line = f"{sys.executable} -m cleanup run {pages} {pages} | head -c 1 > /dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, env=dict(os.environ, PYTHONPATH=str(ROOT)), check=False
    )
    assert b"Traceback" not in done.stderr


def test_a_mistyped_command_is_answered_with_the_nearest(command: Command) -> None:
    done = command("rnu")
    assert done.returncode == 2 and b"did you mean run?" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_the_command(shell: str) -> None:
    environment = dict(os.environ, PYTHONPATH=str(ROOT), _CLEANUP_COMPLETE=f"{shell}_source")
    done = subprocess.run([sys.executable, "-m", "cleanup"], env=environment, capture_output=True, check=False)
    assert b"_CLEANUP_COMPLETE" in done.stdout


def test_help_and_version_say_what_is_there(command: Command) -> None:
    text = command("--help").stdout.decode()
    for word in ("run", "check", "fix", "diff", "explain", "undo", "status", "settings", "rules"):
        assert word in text
    assert command("--version").stdout.decode() == f"cleanup {cleanup.__version__}\n"
