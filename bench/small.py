"""Many small files for the benchmarks of batches, and the options these share. It measures nothing and keeps nothing.

The files are passages of the seeds, each beginning with its number, so that no two are alike.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
LINES = 24  # of a seed in one small file: about 1.5 KB, a short article
FOLDER = 1000  # files in one folder


@dataclass(frozen=True, slots=True)
class Trial:
    """One measurement: how many files are asked for, where they are made, and what is told of it in the end."""

    files: int
    place: Path
    told: dict[str, Any] = field(default_factory=dict)


@contextmanager
def trial(description: str, files: int) -> Iterator[Trial]:
    """Read the command line, yield the measurement in a folder of its own, write down what was told, and clear up.

    `files` is how many are made when the command line does not say.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--files", type=int, default=files)
    parser.add_argument("--place", type=Path, help="where the files are made, by default a temporary folder")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    chosen = parser.parse_args()
    place = Path(tempfile.mkdtemp(dir=chosen.place))
    found = Trial(chosen.files, place)
    try:
        yield found
    finally:
        shutil.rmtree(place)
    if chosen.json:
        chosen.json.write_text(json.dumps(found.told, indent=1))


def make(folder: Path, files: int) -> int:
    """Write small files, a thousand to a folder; return their bytes."""
    total = 0
    for number, text in enumerate(islice(passages(), files)):
        place = folder / f"{number // FOLDER:04d}"
        if number % FOLDER == 0:
            place.mkdir(parents=True)
        data = text.encode()
        (place / f"{number:07d}.txt").write_bytes(data)
        total += len(data)
    return total


def passages() -> Iterator[str]:
    """Yield passages of the seeds without end."""
    texts = [path.read_text("utf-8").splitlines(keepends=True) for path in SEEDS]
    for number in count():
        lines = texts[number % len(texts)]
        start = (number * 7) % max(1, len(lines) - LINES)
        yield f"第{number}页\n\n" + "".join(lines[start : start + LINES])


def introduction(files: int, size: int) -> str:
    """Return the line every benchmark of batches begins with; `size` in bytes."""
    return f"{files:,} files, {size / 1e6:.1f} MB; load of the machine {os.getloadavg()[1]:.1f}"
