"""What several tests need: a page to clean, and the command line as a user calls it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from click.testing import CliRunner

import cleanup
from cleanup import cli
from cleanup.edits import Layer

# tests ask what a thing does, not how fast this machine is
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent
PAGE = "防控一线见真情\n\n短短 114 个小时，全县解除静态管理。\n\n干部群众同心协力，共克时艰。\n"
OTHER = "春耕备耕正当时\n\n今年全县计划种植玉米 32 万亩，农资供应充足。\n"


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    returncode: int
    stdout: bytes
    stderr: bytes

    @property
    def complaints(self) -> list[str]:
        """The lines that name a failure; lines of progress, which a slow machine has too, are left out."""
        return [line for line in self.stderr.decode().splitlines() if line.startswith("cleanup: ")]


Command = Callable[..., Ended]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `cleanup` with arguments in a folder of its own; returns what it printed and its exit status.

    It runs in this process, as `cleanup.cli.main` does; what it starts, such as workers, are processes of their own.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: str | os.PathLike[str], stdin: bytes = b"") -> Ended:
        result = CliRunner().invoke(cli.cleanup, [os.fspath(argument) for argument in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout_bytes, result.stderr_bytes)

    return call


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Make a folder with two pages, one of them in a folder of its own."""
    folder = tmp_path / "pages"
    (folder / "1998").mkdir(parents=True)
    (folder / "a.txt").write_text(PAGE, "utf-8")
    (folder / "1998" / "b.txt").write_text(OTHER, "utf-8")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files of an output folder, less those that tell times."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json" and not path.name.startswith(".cleanup.sqlite")
    }


def balance(text: str, layers: Iterable[object]) -> Counter[str]:
    """What a text holds, less what layers took out of it and plus what they gave."""
    found = Counter(text)
    for layer in layers:
        if isinstance(layer, Layer):
            for edit in layer:
                found.subtract(edit.old)
                found.update(edit.new)
    return found


def paragraphs(page: str) -> list[str]:
    """Return the text of every block that is made of a page, headlines among them."""
    return [block.text for article in cleanup.clean(page.encode()).articles for block in article.blocks]
