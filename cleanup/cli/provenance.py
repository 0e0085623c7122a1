"""`cleanup undo`, `explain` and `status`: from an output back to its source, and how it came about."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import orjson

from cleanup.batch import reading, shards, targets, writing
from cleanup.batch.ledger import FOLDERS, Ledger
from cleanup.batch.restore import restore
from cleanup.cli.options import cleaning_options, megabytes, settings_in_force
from cleanup.cli.voice import complain, count_table
from cleanup.document import CleanupError, Document
from cleanup.formats.text import RECORD
from cleanup.journal import dumps, from_json
from cleanup.journal import undo as undo_document
from cleanup.pipeline import Pipeline
from cleanup.settings import options as cleaning
from cleanup.wording import cause_of, shown


@click.command()
@click.argument("output", metavar="OUT/DIR", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Write the source here, or below here those of a whole run."
)
def undo(output: Path, out: Path | None) -> None:
    """Give back the source that OUT/DIR was made from, byte for byte; its document.json is all that is needed.

    Of OUT, the output of a whole run, every source is given back below the folder that -o names.
    """
    if (output / targets.LEDGER).is_file() and not (output / RECORD).is_file():
        if out is None:
            raise CleanupError(f"{shown(output)} holds a whole run: name a folder for its sources (-o), or one source")
        undo_all(output, out)
        return
    data = undo_document(read_document(output))
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        writing.write(out, data)
    except OSError as error:
        raise CleanupError(f"{shown(out)}: {cause_of(error)}") from None


def undo_all(output: Path, place: Path) -> None:
    """Give back every source of a run; exit 2 when one could not be."""
    done = failed = 0
    for name, problem in restore(output, place):
        if problem:
            complain(name, problem)
            failed += 1
        else:
            done += 1
    click.echo(f"{shown(place)}: {done:,} source{'s' * (done != 1)} given back", err=True)
    sys.exit(2 if failed else 0)


def read_document(output: Path) -> Document:
    """Read the document of an output folder, of a document.json, or of a source among records; raise CleanupError."""
    if not output.exists():
        for out in output.parents:
            if (out / targets.LEDGER).is_file():
                with Ledger(out, write=False) as ledger:
                    if ledger.fact("kind") != FOLDERS:
                        return shards.find_document(ledger, out, output.relative_to(out).as_posix())
    path = output / RECORD if output.is_dir() else output
    try:
        return from_json(path.read_bytes())
    except FileNotFoundError:
        raise CleanupError(f"{shown(path)}: no such file; name a folder that `cleanup run` wrote") from None
    except OSError as error:
        raise CleanupError(f"{shown(path)}: {cause_of(error)}") from None
    except CleanupError as error:
        raise CleanupError(f"{shown(path)}: {error}") from None


@click.command()
@click.argument("place", metavar="FILE:LINE")
@cleaning_options
def explain(place: str, assignments: tuple[str, ...], config: Path | None, **given: Any) -> None:
    """Tell what became of a line of a source, or where a line of an article comes from.

    FILE is a source, which is cleaned on the spot, or an article that `cleanup run` wrote, beside its document.json.
    """
    file, colon, number = place.rpartition(":")
    if not colon or not number.isdecimal():
        raise CleanupError(f"{place}: not of the form FILE:LINE")
    path = Path(file)
    if (path.parent / RECORD).is_file() and path.suffix in (".txt", ".md"):
        document = read_document(path.parent)
        names = [article.get("file") for article in orjson.loads((path.parent / RECORD).read_bytes())["articles"]]
        if path.name in names:
            line = int(number)
            if path.suffix == ".md":
                line = line_of_text(path, line, document.articles[names.index(path.name)].text)
            click.echo(document.explain(line, article=names.index(path.name) + 1))
            return
    values = settings_in_force((file,), given, assignments, config)
    try:
        raw = reading.read(file, megabytes(values, "limit"))
    except CleanupError as error:
        raise CleanupError(f"{shown(file)}: {error}") from None
    click.echo(Pipeline(cleaning(values)).clean(raw, path.name).explain(int(number)))


@click.command()
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, file_okay=False))
@click.option("-n", "count", default=10, show_default=True, help="How many doubtful sources are listed.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(out: Path, count: int, as_json: bool) -> None:
    """Tell what is done in OUT, what failed and why, and which sources are the most doubtful; exit 2 after failures."""
    with Ledger(out, write=False) as ledger:
        states = ledger.states()
        tally = ledger.tally()
        failures = list(ledger.failures())
        doubtful = ledger.doubtful(count)
    left = states.get("waiting", 0) + states.get("begun", 0)
    if as_json:
        click.echo(
            dumps(
                {
                    "done": states.get("done", 0),
                    "failed": len(failures),
                    "left": left,
                    "counts": dict(tally.as_dict()),
                    "failures": [{"source": name, "cause": cause} for name, cause in failures],
                    "doubtful": [{"output": name, "confidence": sure, "decisions": n} for name, sure, n in doubtful],
                }
            ),
            nl=False,
        )
        sys.exit(2 if failures else 0)
    count_table(tally, f"{shown(out)}", [("left to do", f"{left:,}")] if left else [], len(failures))
    if failures:
        click.echo("failed")
        for name, cause in failures:
            click.echo(f"  {shown(name)}: {cause}")
    if doubtful:
        click.echo("doubtful, the least sure first (`cleanup explain FILE:LINE` tells why)")
        for name, sure, decisions in doubtful:
            click.echo(f"  {sure:.2f}  {decisions:4d}  {shown(out / name)}")
    sys.exit(2 if failures else 0)


def line_of_text(path: Path, line: int, text: str) -> int:
    """Return the line of the plain article that a line of its Markdown file shows."""
    shown_lines = path.read_text("utf-8").split("\n")
    if not 1 <= line <= len(shown_lines):
        raise CleanupError(f"{shown(path)}: no line {line}; there are {len(shown_lines) - 1}")
    bare = shown_lines[line - 1].strip("#* ")
    for number, other in enumerate(text.split("\n"), 1):
        if bare and other.strip("#* ") == bare:
            return number
    raise CleanupError(f"{shown(path)}: line {line} is no text of the article")
