"""`cleanup run`: files and folders into articles."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from cleanup import rulebook
from cleanup.batch import run as batch
from cleanup.batch import targets
from cleanup.batch.find import Search, find
from cleanup.batch.work import Job, documents
from cleanup.cli.options import cleaning_options, megabytes, settings_in_force
from cleanup.cli.voice import closing_table, complain, manner_of, voice
from cleanup.document import CleanupError, Document
from cleanup.formats import FOLDER_FORMATS, OUTPUT_FORMATS, OutputFormat, markdown
from cleanup.formats.records import article_records
from cleanup.formats.text import article_bytes
from cleanup.journal import dumps
from cleanup.pipeline import Pipeline
from cleanup.settings import Value
from cleanup.settings import options as cleaning
from cleanup.wording import cause_of

INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class Terminated(BaseException):
    """The process was asked to end."""


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The folder to write to; without it, print.")
@click.option("-j", "--jobs", type=int, metavar="N", help="Worker processes; by default one a core.")
@click.option("--format", type=click.Choice(OUTPUT_FORMATS), help="A folder per source (text, markdown) or records.")
@click.option("--from", "read_as", type=click.Choice(("text", "jsonl", "parquet")), help="How PATH… is read.")
@click.option("--text-field", metavar="NAME", help="The field of a record that holds its text.")
@click.option("--name-field", metavar="NAME", help="The field of a record that names it.")
@click.option("--include", multiple=True, metavar="GLOB", help="Only these files of a folder, whatever their suffix.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Pass over these files and folders.")
@click.option("--gitignore", is_flag=True, default=None, help="Pass over what .gitignore files name.")
@click.option("--hidden", is_flag=True, default=None, help="Also names that begin with a dot.")
@click.option("--limit", type=float, metavar="MB", help="Refuse files larger than this.  [64]")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Where users' decisions about sources are, <source>.decisions.toml; else beside each source.",
)
@click.option("--pages", is_flag=True, default=None, help="A folder is one issue: join what turns from page to page.")
@click.option("--timeout", type=float, metavar="S", help="Seconds one file may take; 0 for no end.  [300]")
@click.option("--engine", type=click.Choice(("local", "ray")), default="local", help="Who shares out the work.")
@click.option("--address", metavar="HOST:PORT", help="With --engine ray: the cluster; else one of this machine.")
@click.option("--prune", is_flag=True, help="Remove the outputs of sources that no longer exist.")
@click.option("--force", is_flag=True, help="Overwrite files that cleanup did not write.")
@click.option("--report", is_flag=True, help="Also write the pages of `cleanup report`.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what failed.")
@click.option("--json", "as_json", is_flag=True, help="Print the content of run.json instead of the table.")
@cleaning_options
def run(
    *,
    paths: tuple[str, ...],
    out: Path | None,
    read_as: Any,
    decisions: Path | None,
    engine: str,
    address: str | None,
    prune: bool,
    force: bool,
    report: bool,
    quiet: bool,
    as_json: bool,
    assignments: tuple[str, ...],
    config: Path | None,
    **given: Any,
) -> None:
    """Clean each file of PATH… (files, folders, globs, or - for standard input) into its articles.

    \b
    OUT/<path of the source, without its suffix>/
        01-<headline>.txt …   one clean article each
        document.json         where each passage came from, and every change

    Run again, it does only what is new or has changed.
    """
    values = settings_in_force(paths, given, assignments, config)
    job = job_of(values, read_as, force, decisions)
    search = search_of(values, out)
    if values["pages"].value and (out is None or job.output not in FOLDER_FORMATS):
        raise CleanupError("--pages joins articles in a folder: give -o, and a format of text or markdown")
    if report and (out is None or job.output not in FOLDER_FORMATS):
        raise CleanupError("--report writes pages into a folder: give -o, and a format of text or markdown")
    if out is None:
        sys.exit(2 if print_articles(paths, job, search) else 0)
    how = batch.Manner(
        workers=values["jobs"].value or os.cpu_count() or 1, timeout=values["timeout"].value or None, prune=prune
    )
    if engine == "ray":
        from cleanup.ray.run import Cluster, only_tables
        from cleanup.ray.run import run as ray_run

        only_tables(values, {"prune": prune, "force": force, "report": report, "decisions": bool(decisions)})
        carry_out: Callable[..., batch.Result] = partial(ray_run, cluster=Cluster(address, values["jobs"].value))
    elif address is not None:
        raise CleanupError("--address names a Ray cluster: add --engine ray")
    else:
        carry_out = batch.run
    signal.signal(signal.SIGTERM, _terminate)
    try:
        with voice(manner_of(quiet or as_json)) as watch:
            result = carry_out(paths, out, job, search=search, manner=how, watch=watch)
    except (KeyboardInterrupt, Terminated) as stop:
        _interrupted(stop)
    if values["pages"].value:
        from cleanup.batch.issues import write_issues

        write_issues(out, job.output, rulebook.load(*job.options.rules).limits)
    if report:
        from cleanup.report.write import write as write_report

        write_report(out)
    if as_json:
        sys.stdout.buffer.write((out / targets.RUN_RECORD).read_bytes())
    elif not quiet:
        closing_table(result, out)
    sys.exit(2 if result.failures else 0)


def job_of(values: Mapping[str, Value], read_as: Any = None, force: bool = False, decisions: Path | None = None) -> Job:
    """Return what is done with each source under these settings."""
    return Job(
        options=cleaning(values),
        output=values["format"].value,
        limit=megabytes(values, "limit"),
        force=force,
        read_as=read_as,
        text_field=values["text-field"].value,
        name_field=values["name-field"].value,
        shard=megabytes(values, "shard-size"),
        decisions=decisions,
    )


def search_of(values: Mapping[str, Value], skip: Path | None) -> Search:
    """Return what is looked for in folders under these settings."""
    return Search(
        include=values["include"].value,
        exclude=values["exclude"].value,
        gitignore=values["gitignore"].value,
        hidden=values["hidden"].value,
        skip=skip,
    )


def print_articles(paths: tuple[str, ...], job: Job, search: Search) -> int:
    """Print the articles of each source; return how many sources failed."""
    if job.output == "parquet":
        raise CleanupError("parquet cannot be printed; name a folder with -o")
    pipeline = Pipeline(job.options)
    failed = 0
    sink = sys.stdout.buffer
    first = True
    for found in find(paths, search):
        try:
            if found.problem:
                raise CleanupError(found.problem)
            for name, document in documents(pipeline, found.path, found.name, job):
                if isinstance(document, CleanupError):
                    complain(found.path, f"record {name}: {cause_of(document)}")
                    failed += 1
                    continue
                for page in pages(document, job.output):
                    sink.write((b"" if first or job.output == "jsonl" else b"\n") + page)
                    first = False
        except BrokenPipeError:  # the reader has seen enough
            sys.stderr.close()
            return failed
        except (CleanupError, OSError, MemoryError) as error:
            complain(found.path, cause_of(error))
            failed += 1
    sink.flush()
    return failed


def pages(document: Document, output: OutputFormat) -> list[bytes]:
    """Return the articles of a document as they are printed."""
    if output == "jsonl":
        return [dumps(record) for record in article_records(document)]
    if output == "markdown":
        return [article_bytes(markdown.page(article, document)) for article in document.articles]
    return [article_bytes(article.text) for article in document.articles]


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated


def _interrupted(stop: BaseException) -> NoReturn:
    click.echo("cleanup: stopped; what is done is kept. Run the same command again to go on.", err=True)
    sys.exit(INTERRUPTED if isinstance(stop, KeyboardInterrupt) else 128 + signal.SIGTERM)
