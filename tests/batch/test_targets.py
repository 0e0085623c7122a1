"""What outputs are called: no two meet, none leads out of the folder or passes for a file of another."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from cleanup.batch import targets

PART = st.text(alphabet=st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=90)
NAME = st.lists(PART, min_size=1, max_size=3).map("/".join)


def assign(names: list[str]) -> list[str]:
    taken: set[str] = set()
    folders = []
    for name in names:
        folder = targets.target(name, taken.__contains__)
        taken.add(targets.key(folder))
        folders.append(folder)
    return folders


@given(st.lists(NAME, max_size=8))
def test_no_two_sources_meet(names: list[str]) -> None:
    folders = assign(names)
    assert len({targets.key(folder) for folder in folders}) == len(names)


@given(NAME)
def test_a_folder_name_fits_and_stays_inside(name: str) -> None:
    last = assign([name])[0].rpartition("/")[2]
    assert last not in ("", ".", "..", "run.json", "document.json")
    assert len(os.fsencode(last)) <= max(255, len(os.fsencode(name.rpartition("/")[2])) + 1)


def test_names_that_differ_by_suffix_case_or_form_are_kept_apart() -> None:
    assert assign(["p1.txt", "p1.md", "P1.txt", "p1.text"]) == ["p1", "p1.md", "P1.txt", "p1.text"]
    assert assign(["p.txt", "p.txt", "p.txt"]) == ["p", "p.txt~" if False else "p.txt", "p~2"]
    assert len(set(map(targets.key, assign(["é.txt", "e\u0301.txt"])))) == 2


def test_an_output_cannot_pass_for_an_article() -> None:
    assert assign(["a/01-标题.txt.txt"]) == ["a/01-标题.txt~"]
    assert assign(["run.json.txt"]) == ["run.json~"]


def test_a_name_of_full_length_is_shortened_between_characters() -> None:
    name = "字" * 84 + ".txt"  # 252 + 4 bytes: more than a file system holds, after one collision
    folders = assign([name, name, name])
    assert all(len(os.fsencode(folder)) <= 256 for folder in folders)
    assert folders[2].endswith("~2") and "\udc80" not in folders[2]
