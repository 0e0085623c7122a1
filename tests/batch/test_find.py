"""Which files are meant by a path, a folder or a glob."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanup.batch.find import Search, find


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("文", "utf-8")


def names(root: Path, search: Search | None = None) -> list[str]:
    return [found.name for found in find([str(root)], search or Search()) if not found.problem]


def test_a_folder_means_the_files_of_known_suffixes_in_it_and_below(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a.md", "c.pdf", "1998/01.txt", "x.jsonl", "y.txt.gz", "z.TXT")
    assert sorted(names(tmp_path)) == ["1998/01.txt", "a.md", "b.txt", "x.jsonl", "y.txt.gz", "z.TXT"]


def test_hidden_files_are_passed_over_unless_asked_for(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", ".b.txt", ".git/c.txt")
    assert names(tmp_path) == ["a.txt"]
    assert sorted(names(tmp_path, Search(hidden=True))) == [".b.txt", ".git/c.txt", "a.txt"]


def test_globs_choose_and_leave_out(tmp_path: Path) -> None:
    make(tmp_path, "a.ocr", "b.txt", "draft/c.ocr", "d.ocr")
    assert sorted(names(tmp_path, Search(include=("*.ocr",)))) == ["a.ocr", "d.ocr", "draft/c.ocr"]
    assert sorted(names(tmp_path, Search(include=("*.ocr",), exclude=("draft/", "d.*")))) == ["a.ocr"]


def test_gitignore_is_honoured_on_request_in_every_folder(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.txt", "sub/b.txt", "sub/c.txt", "sub/keep.txt", "other/c.txt")
    (tmp_path / ".gitignore").write_text("/b.txt\n")
    (tmp_path / "sub" / ".gitignore").write_text("*.txt\n!keep.txt\n")
    assert "b.txt" in names(tmp_path)
    assert sorted(names(tmp_path, Search(gitignore=True))) == ["a.txt", "other/c.txt", "sub/keep.txt"]


def test_a_gitignore_farther_down_has_the_last_word(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "sub/b.txt", "sub/c.txt", "gone/d.txt")
    (tmp_path / ".gitignore").write_text("*.txt\ngone/\n")
    (tmp_path / "sub" / ".gitignore").write_text("!b.txt\n")
    (tmp_path / "gone" / ".gitignore").write_text("!d.txt\n")  # never met: its folder is passed over
    assert names(tmp_path, Search(gitignore=True)) == ["sub/b.txt"]


def test_circles_of_links_end(tmp_path: Path) -> None:
    make(tmp_path, "sub/a.txt")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    found = list(find([str(tmp_path)], Search()))
    assert [entry.name for entry in found].count("sub/a.txt") == 1


def test_the_output_folder_is_never_entered(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "out/a/01-文.txt")
    assert names(tmp_path, Search(skip=tmp_path / "out")) == ["a.txt"]


def test_a_path_that_means_nothing_says_so(tmp_path: Path) -> None:
    missing, pattern = str(tmp_path / "no.txt"), str(tmp_path / "*.none")
    assert [bool(found.problem) for found in find([missing, pattern], Search())] == [True, True]


def test_a_glob_is_expanded_and_named_below_its_fixed_part(tmp_path: Path) -> None:
    make(tmp_path, "1998/01/a.txt", "1998/02/b.txt")
    found = list(find([str(tmp_path / "1998" / "**" / "*.txt")], Search()))
    assert [entry.name for entry in found] == ["01/a.txt", "02/b.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_entered_is_named(tmp_path: Path) -> None:
    make(tmp_path, "locked/a.txt")
    (tmp_path / "locked").chmod(0)
    assert [found.problem for found in find([str(tmp_path)], Search())] == ["permission denied"]


def test_a_glob_of_any_depth_meets_every_file_once_and_no_hidden_one(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "sub/b.txt", "sub/deep/c.txt", ".git/d.txt", "sub/.e.txt")
    for name in ("up", "again"):  # two circles: to follow them would take as many steps as there are ways through them
        (tmp_path / "sub" / name).symlink_to(tmp_path, target_is_directory=True)
    pattern = str(tmp_path / "**" / "*.txt")
    assert sorted(entry.name for entry in find([pattern], Search())) == ["a.txt", "sub/b.txt", "sub/deep/c.txt"]
    assert len(list(find([pattern], Search(hidden=True)))) == 5
    assert [entry.name for entry in find([str(tmp_path / "sub" / "**" / "c.*")], Search())] == ["deep/c.txt"]
    assert [entry.name for entry in find([pattern], Search(exclude=("sub/",)))] == ["a.txt"]
