"""What a batch says while it goes on and when it ends: a bar on a terminal, plain lines in a pipe, a table."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cleanup.batch.reading import MEGABYTE
from cleanup.batch.run import Result
from cleanup.batch.tally import Tally
from cleanup.formats import INPUT_SUFFIXES, PACKED_SUFFIXES
from cleanup.wording import shown

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Manner = Literal["bar", "lines", "quiet"]
SECONDS = 10.0  # between two lines of progress in a pipe


def complain(name: str, cause: str) -> None:
    """Name a file and what is wrong with it on standard error, in one line."""
    click.echo(f"cleanup: {shown(name)}: {cause}", err=True)


class Quiet:
    """Says nothing but what failed."""

    def planned(self, files: int, size: int) -> None:
        """Say nothing."""

    def done(self, name: str, size: int) -> None:
        """Say nothing."""

    def failed(self, name: str, size: int, cause: str) -> None:
        """Name the file and the cause."""
        complain(name, cause)


class Lines(Quiet):
    """Says in a line from time to time how far the batch is."""

    def __init__(self) -> None:
        self._files = self._size = self._files_done = self._size_done = 0
        self._began = self._said = time.monotonic()

    def planned(self, files: int, size: int) -> None:
        """Take note of what is to be done."""
        self._files, self._size = files, size
        self._began = self._said = time.monotonic()

    def done(self, name: str, size: int) -> None:
        """Count, and say so when the last line is long ago."""
        self._files_done += 1
        self._size_done += size
        now = time.monotonic()
        if now - self._said >= SECONDS:
            self._said = now
            rate = self._size_done / (now - self._began)
            left = (self._size - self._size_done) / rate if rate else 0.0
            far = f"{self._files_done:,} of {self._files:,} files, {speed(rate)}"
            click.echo(f"{far}, {duration(left)} left", err=True)

    def failed(self, name: str, size: int, cause: str) -> None:
        """Count, and name the file and the cause."""
        self._files_done += 1
        self._size_done += size
        complain(name, cause)


class Bar:
    """Shows a bar with rate and remaining time; failures stand above it."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task, self._files, self._size = progress, task, 0, 0
        self._began = time.monotonic()

    def planned(self, files: int, size: int) -> None:
        """Set the length of the bar, in bytes."""
        self._began = time.monotonic()
        self._progress.update(self._task, total=size)

    def done(self, name: str, size: int) -> None:
        """Go on by one file."""
        self._files += 1
        self._size += size
        rate = speed(self._size / max(time.monotonic() - self._began, 0.001))
        self._progress.update(self._task, advance=size, description=f"{self._files:,} files", rate=rate)

    def failed(self, name: str, size: int, cause: str) -> None:
        """Go on by one file, and name it and the cause."""
        self.done(name, size)
        self._progress.console.print(f"cleanup: {shown(name)}: {cause}", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def voice(manner: Manner) -> Iterator[Quiet | Bar]:
    """Return who speaks for a batch."""
    if manner == "quiet":
        yield Quiet()
        return
    if manner == "lines":
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress, progress.add_task("looking for files", total=None, rate=""))


def manner_of(quiet: bool) -> Manner:
    """Return how to speak: a bar only where somebody looks."""
    return "quiet" if quiet else "bar" if sys.stderr.isatty() else "lines"


# what the closing table says, and the count it says it of
ROWS = (
    ("sources", "sources"),
    ("articles", "articles"),
    ("paragraphs", "paragraphs"),
    ("line ends joined", "joined"),
    ("characters converted", "converted"),
    ("blocks moved", "moved"),
    ("passages dropped", "dropped"),
    ("low-confidence decisions", "doubtful"),
)


def count_table(counts: Tally, title: str, further: list[tuple[str, str]], failed: int) -> None:
    """Print counts as a table to standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, count in ROWS:
        table.add_row(label, f"{counts.as_dict()[count]:,}")
    if failed:
        table.add_row("failed", f"{failed:,}", style="red")
    for label, text in further:
        table.add_row(label, text)
    Console(soft_wrap=True).print(table)


def closing_table(result: Result, out: Path) -> None:
    """Print how a batch ended."""
    if not result.tally.sources and not result.failures:
        known = ", ".join((*INPUT_SUFFIXES, *PACKED_SUFFIXES))
        click.echo(f"cleanup: no texts found; in a folder they are known by {known}, or by --include GLOB", err=True)
    further: list[tuple[str, str]] = []
    if result.unchanged:
        further.append(("unchanged since the last run", f"{result.unchanged:,}"))
    if result.pruned:
        further.append(("outputs of vanished sources removed", f"{result.pruned:,}"))
    rate = result.fresh.size / result.seconds if result.seconds else 0.0
    further.append(("time", f"{result.seconds:.1f} s" + (f" ({speed(rate)})" if result.fresh.size else "")))
    count_table(result.tally, f"written to {shown(out)}", further, len(result.failures))


def speed(rate: float) -> str:
    """Return bytes a second in the unit that fits.

    >>> speed(3_210_000.0), speed(41_000.0)
    ('3.2 MB/s', '41 kB/s')
    """
    return f"{rate / MEGABYTE:.1f} MB/s" if rate >= MEGABYTE else f"{rate / 1000:.0f} kB/s"


def duration(seconds: float) -> str:
    """Return a time in the two units that matter.

    >>> duration(5), duration(192), duration(7260)
    ('5 s', '3 min 12 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
