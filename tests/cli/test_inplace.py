"""`cleanup check`, `fix` and `diff`: files as they stand."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Command

DIRTY = "短短 114 个小时，全县解除静态管理。\n"
CLEAN = "短短114个小时，全县解除静态管理。\n"


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(DIRTY, "utf-8")
    return path


def test_check_reports_place_rule_change_and_reason_and_changes_nothing(command: Command, dirty: Path) -> None:
    done = command("check", "a.txt")
    assert done.returncode == 1
    first = done.stdout.decode().splitlines()[0]
    assert first.startswith("a.txt:1:3: ") and "␣ → ∅" in first
    assert dirty.read_text("utf-8") == DIRTY


def test_check_is_silent_on_clean_text(command: Command, dirty: Path) -> None:
    dirty.write_text(CLEAN, "utf-8")
    done = command("check", "a.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_fix_changes_once_and_then_nothing(command: Command, dirty: Path) -> None:
    assert command("fix", "a.txt").returncode == 0
    assert dirty.read_text("utf-8") == CLEAN
    before = dirty.stat().st_mtime_ns
    assert command("fix", "a.txt").stderr == b""
    assert dirty.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DIRTY, CLEAN),
        (DIRTY.rstrip("\n"), CLEAN.rstrip("\n")),
        (DIRTY.replace("\n", "\r\n"), CLEAN.replace("\n", "\r\n")),
        ("\ufeff" + DIRTY, "\ufeff" + CLEAN),
    ],
    ids=["plain", "no line end", "CRLF", "mark"],
)
def test_the_diff_is_what_patch_applies(command: Command, dirty: Path, tmp_path: Path, before: str, after: str) -> None:
    dirty.write_bytes(before.encode())
    done = command("diff", "a.txt")
    assert done.returncode == 1
    subprocess.run(["git", "apply", "-"], input=done.stdout, cwd=tmp_path, check=True)
    assert dirty.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DIRTY.replace("\n", "\r\n").encode(), CLEAN.replace("\n", "\r\n").encode()),
        (DIRTY.rstrip("\n").encode(), CLEAN.rstrip("\n").encode()),
        (b"\xef\xbb\xbf" + DIRTY.encode(), b"\xef\xbb\xbf" + CLEAN.encode()),
        (DIRTY.encode("gb18030"), CLEAN.encode("gb18030")),
        (DIRTY.encode("utf-16"), CLEAN.encode("utf-16")),
        ((DIRTY + "\n\n").encode(), (CLEAN + "\n\n").encode()),
    ],
    ids=["line ends", "no final line end", "mark", "gb18030", "utf-16", "final empty lines"],
)
def test_line_ends_marks_and_encoding_stay(command: Command, dirty: Path, before: bytes, after: bytes) -> None:
    dirty.write_bytes(before)
    command("fix", "a.txt")
    assert dirty.read_bytes() == after


def test_mode_and_link_stay(command: Command, dirty: Path, tmp_path: Path) -> None:
    dirty.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(dirty)
    command("fix", "link.txt")
    assert link.is_symlink() and dirty.read_text("utf-8") == CLEAN
    assert stat.S_IMODE(dirty.stat().st_mode) == 0o640


def test_standard_input_goes_to_standard_output(command: Command) -> None:
    done = command("fix", "-", "--stdin-filename", "b.txt", stdin=DIRTY.encode())
    assert done.stdout.decode() == CLEAN
    assert command("check", "-", "--stdin-filename", "b.txt", stdin=DIRTY.encode()).stdout.startswith(b"b.txt:1:3")


def test_rules_can_be_selected_and_left_out(command: Command, dirty: Path) -> None:
    rules = [finding["rule"] for finding in json.loads(command("check", "a.txt", "--output", "json").stdout)]
    assert len(set(rules)) == 2
    only = json.loads(command("check", "a.txt", "--output", "json", "--select", rules[0]).stdout)
    assert {finding["rule"] for finding in only} == {rules[0]}
    rest = json.loads(command("check", "a.txt", "--output", "json", "--ignore", rules[0]).stdout)
    assert {finding["rule"] for finding in rest} == {rules[1]}
    assert command("check", "a.txt", "--ignore", "rejoin/").returncode == 0
    done = command("check", "a.txt", "--select", rules[0] + "x")
    assert done.returncode == 2 and f"did you mean {rules[0]}?".encode() in done.stderr


def test_json_tells_where_each_change_ends(command: Command, dirty: Path) -> None:
    found = json.loads(command("check", "a.txt", "--output", "json").stdout)[0]
    assert (found["line"], found["column"], found["end_line"], found["end_column"]) == (1, 3, 1, 4)
    assert (found["old"], found["new"], found["path"]) == (" ", "", "a.txt") and found["why"]


def test_github_annotations_name_file_and_line(command: Command, dirty: Path) -> None:
    assert command("check", "a.txt", "--output", "github").stdout.startswith(b"::warning file=a.txt,line=1,")


def test_sarif_names_rules_places_and_fixes(command: Command, dirty: Path) -> None:
    log = json.loads(command("check", "a.txt", "--output", "sarif").stdout)
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region == result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]


def test_marked_regions_front_matter_and_code_stay(command: Command, tmp_path: Path) -> None:
    kept = [
        "---\ntitle: 共 3 人\n---\n",
        "```text\n共 3 人\n```\n",
        "<!-- cleanup: off -->\n共 3 人\n<!-- cleanup: on -->\n",
        "共 3 人 <!-- cleanup: off --><!-- cleanup: on -->\n",
    ]
    path = tmp_path / "a.md"
    path.write_text("\n".join([*kept, "共 3 人。\n"]), "utf-8")
    command("fix", "a.md")
    assert path.read_text("utf-8") == "\n".join([*kept, "共3人。\n"])


def test_lines_of_a_pattern_stay_by_a_setting(command: Command, dirty: Path, tmp_path: Path) -> None:
    dirty.write_text("表 1 人口\n\n共 3 人。\n", "utf-8")
    (tmp_path / "cleanup.toml").write_text("keep-lines = ['^表 ']\n")
    command("fix", "a.txt")
    assert dirty.read_text("utf-8") == "表 1 人口\n\n共3人。\n"


def test_what_is_no_text_is_named_and_left(command: Command, dirty: Path, tmp_path: Path) -> None:
    raw = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    (tmp_path / "picture.txt").write_bytes(raw)
    done = command("fix", "picture.txt", "a.txt", "missing.txt")
    assert done.returncode == 2 and len(done.complaints) == 2
    assert (tmp_path / "picture.txt").read_bytes() == raw
    assert dirty.read_text("utf-8") == CLEAN


def test_an_empty_file_needs_nothing(command: Command, dirty: Path) -> None:
    dirty.write_bytes(b"")
    assert command("check", "a.txt").returncode == 0


def test_wrapped_lines_are_joined_and_paragraphs_stay_apart(command: Command, tmp_path: Path) -> None:
    lines = [
        "　　为深入贯彻落实全县会议精神，推动",
        "各项工作落地见效，近日，县里召开推进",
        "会议。",
        "　　会议指出，要坚持问题导向。",
    ]
    path = tmp_path / "wrapped.txt"
    path.write_text("\n".join(lines * 3) + "\n", "utf-8")
    command("fix", "wrapped.txt")
    assert "推动各项工作落地见效，近日，县里召开推进会议。" in path.read_text("utf-8")
