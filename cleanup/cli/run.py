"""`cleanup run`: files and folders into articles."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cleanup.batch import reading
from cleanup.batch.find import Search, find
from cleanup.batch.names import cause_of, shown
from cleanup.batch.run import Job, Result
from cleanup.batch.run import run as run_batch
from cleanup.batch.work import clean_source
from cleanup.document import CleanupError
from cleanup.formats import FOLDER_FORMATS, markdown
from cleanup.formats.text import article_bytes
from cleanup.options import Options
from cleanup.pipeline import Pipeline


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="The folder for the articles; without it they are printed.")
@click.option("--format", "output", type=click.Choice(FOLDER_FORMATS), default="text", help="What the articles are written as.")
@click.option("--limit", type=float, default=64.0, show_default=True, help="Files larger than this many MB are refused.")
@click.option("--force", is_flag=True, help="Overwrite files that cleanup did not write.")
def run(paths: tuple[str, ...], out: Path | None, output: str, limit: float, force: bool) -> None:
    """Clean each file of PATH… (files, folders, globs, or - for standard input) into its articles."""
    job = Job(Options(), output, int(limit * reading.MEGABYTE), force)
    failed = print_articles(paths, job) if out is None else _write(paths, out, job)
    sys.exit(2 if failed else 0)


def print_articles(paths: tuple[str, ...], job: Job) -> int:
    """Print the articles of each source; return how many sources failed."""
    pipeline = Pipeline(job.options)
    failed = 0
    sink = sys.stdout.buffer
    first = True
    for found in find(paths, Search()):
        try:
            if found.problem:
                raise CleanupError(found.problem)
            document = clean_source(pipeline, reading.read(found.path, job.limit), found.name)
        except (CleanupError, OSError, MemoryError) as error:
            click.echo(f"cleanup: {shown(found.path)}: {cause_of(error)}", err=True)
            failed += 1
            continue
        for article in document.articles:
            text = markdown.page(article, document) if job.output == "markdown" else article.text
            sink.write((b"" if first else b"\n") + article_bytes(text))
            first = False
    sink.flush()
    return failed


class Voice:
    """Says what failed, as it happens."""

    def done(self, name: str, size: int) -> None:
        """Say nothing: the closing table counts it."""

    def failed(self, name: str, cause: str) -> None:
        """Name the file and the cause on standard error."""
        click.echo(f"cleanup: {shown(name)}: {cause}", err=True)


def _write(paths: tuple[str, ...], out: Path, job: Job) -> int:
    result = run_batch(paths, out, job, Search(skip=out), Voice())
    closing_table(result, out)
    return len(result.failures)


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


def closing_table(result: Result, out: Path) -> None:
    """Print what was done, to standard output."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{shown(str(out))}", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    counts = result.tally.as_dict()
    for label, count in ROWS:
        table.add_row(label, f"{counts[count]:,}")
    if result.failures:
        table.add_row("failed", f"{len(result.failures):,}", style="red")
    rate = result.tally.size / reading.MEGABYTE / result.seconds if result.seconds else 0.0
    table.add_row("time", f"{result.seconds:.1f} s ({rate:.1f} MB/s)")
    Console().print(table)
