"""What several tests need: a page to clean, and the command line as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = "防控一线见真情\n\n短短 114 个小时，全县解除静态管理。\n\n干部群众同心协力，共克时艰。\n"
OTHER = "春耕备耕正当时\n\n今年全县计划种植玉米 32 万亩，农资供应充足。\n"

Command = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run `cleanup` with arguments in a folder of its own; returns what it printed and its exit status."""

    def call(*arguments: str | os.PathLike[str], stdin: bytes = b"", cwd: Path = tmp_path) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "cleanup", *map(os.fspath, arguments)],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env=dict(os.environ, PYTHONPATH=os.fspath(ROOT), COLUMNS="100"),
            check=False,
            timeout=300,
        )

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
