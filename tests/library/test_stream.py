"""`cleanup.stream`: many sources for a program, in order, in bounded memory, whatever happens to one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import cleanup
from tests.conftest import OTHER, PAGE


@pytest.mark.parametrize("workers", [1, 2])
def test_documents_come_in_the_order_of_the_items(workers: int, pages: Path) -> None:
    items: list[Path | str | bytes] = [pages / "a.txt", OTHER, PAGE.encode("gb18030")]
    items += [f"第{n}条。" for n in range(20)]
    titles = [document.text for document in cleanup.stream(items, workers=workers)]
    assert titles[0].startswith("防控一线见真情") and titles[1].startswith("春耕备耕") and titles[2] == titles[0]
    assert titles[3:] == [f"第{n}条。\n" for n in range(20)]


def test_free_order_yields_everything_once() -> None:
    items = [f"第{number}条。" for number in range(30)]
    found = [document.original for document in cleanup.stream(items, workers=2, order="free")]
    assert sorted(found) == sorted(items)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_item_that_fails_is_raised_or_handed_over(workers: int, tmp_path: Path) -> None:
    items: list[Path | str | bytes] = ["一。", tmp_path / "missing.txt", "二。"]
    with pytest.raises(cleanup.CleanupError, match=r"missing\.txt: no such file"):
        list(cleanup.stream(items, workers=workers))
    failed: list[str] = []
    found = cleanup.stream(items, workers=workers, on_error=lambda item, error: failed.append(str(error)))
    assert [document.original for document in found] == ["一。", "二。"]
    assert len(failed) == 1 and failed[0].count("missing.txt") == 1


def test_few_items_are_in_hand_at_a_time() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "一。"

    found = cleanup.stream(endless(), workers=2)
    for _ in range(5):
        next(found)
    assert taken < 30
    found.close()  # type: ignore[attr-defined]
