"""`cleanup check`, `fix` and `diff`: files as they stand, for hooks and editors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from cleanup.batch import reading
from cleanup.batch.find import Search, find
from cleanup.cli.options import cleaning_options, megabytes, settings_in_force
from cleanup.document import CleanupError
from cleanup.explain import unified
from cleanup.inplace.regions import patterns
from cleanup.inplace.reports import REPORTS
from cleanup.inplace.revise import Revision, known, revise, selecting
from cleanup.pipeline import Pipeline
from cleanup.settings import options as cleaning
from cleanup.wording import cause_of, shown

Command = TypeVar("Command", bound=Callable[..., Any])

FILE_OPTIONS = (
    click.argument("paths", nargs=-1, required=True, metavar="FILE…"),
    click.option("--stdin-filename", metavar="NAME", help="What standard input (-) is called."),
    click.option("--select", multiple=True, metavar="RULE", help="Only this rule, or folder of rules such as rejoin/."),
)


def file_options(command: Command) -> Command:
    """Give a command its files and what decides about them."""
    command = cleaning_options(command)
    for option in reversed(FILE_OPTIONS):
        command = option(command)
    return command


class Revisions:
    """The revisions of the files that were named, one after another; counts what failed."""

    def __init__(
        self,
        paths: tuple[str, ...],
        stdin_filename: str | None,
        select: tuple[str, ...],
        assignments: tuple[str, ...],
        config: Path | None,
        **given: Any,
    ) -> None:
        named = tuple(stdin_filename or path if path == reading.STDIN else path for path in paths)
        values = settings_in_force(named, given, assignments, config)
        self._paths, self._stdin_name = paths, stdin_filename or "stdin"
        self._limit = megabytes(values, "limit")
        self._keep = patterns(values["keep-lines"].value)
        self._pipeline = Pipeline(selecting(cleaning(values), select))
        known(given.get("off", ()), self._pipeline.rulebook)
        self._search = Search(
            include=values["include"].value,
            exclude=values["exclude"].value,
            gitignore=values["gitignore"].value,
            hidden=values["hidden"].value,
        )
        self.failed = 0

    def __iter__(self) -> Iterator[tuple[str, Revision]]:
        for found in find(self._paths, self._search):
            name = self._stdin_name if found.path == reading.STDIN else found.path
            try:
                if found.problem:
                    raise CleanupError(found.problem)
                raw = read_all(found.path, self._limit)
                yield found.path, revise(raw, name, self._pipeline, self._keep)
            except (CleanupError, OSError, MemoryError) as error:
                self.fail(name, error)

    def fail(self, name: str, error: BaseException) -> None:
        """Name a file and what is wrong with it on standard error."""
        self.failed += 1
        click.echo(f"cleanup: {shown(name)}: {cause_of(error)}", err=True)


def read_all(path: str, limit: int) -> bytes:
    """Return the bytes of a file; an empty one is no failure here, since there is nothing to change in it."""
    with reading.opened(path) as stream:
        raw = reading.read_on(stream, limit)
    if len(raw) > limit:
        raise CleanupError(f"larger than the limit of {limit / reading.MEGABYTE:g} MB (setting `limit`)")
    return raw


@click.command()
@file_options
@click.option("--output", type=click.Choice(tuple(REPORTS)), default="text", help="How findings are reported.")
def check(output: str, **given: Any) -> None:
    """Report what `cleanup fix` would change, and change nothing; exit 1 when there is something."""
    revisions = Revisions(**given)
    findings = [finding for _, revision in revisions for finding in revision.findings]
    for piece in REPORTS[output](findings):
        click.echo(piece, nl=False)
    if findings and output == "text":
        files = len({finding.path for finding in findings})
        click.echo(f"{len(findings)} changes in {files} file{'s' * (files > 1)}; `cleanup fix` makes them", err=True)
    sys.exit(2 if revisions.failed else 1 if findings else 0)


@click.command()
@file_options
def fix(**given: Any) -> None:
    """Clean files where they stand: repair, lines, marks, spaces and script. Nothing is split, moved or dropped."""
    from cleanup.batch import writing  # check and diff, which a hook runs on every commit, start without it

    revisions = Revisions(**given)
    for path, revision in revisions:
        if path == reading.STDIN:
            sys.stdout.buffer.write(revision.data)
            sys.stdout.buffer.flush()
        elif revision.changed:
            try:
                writing.write(Path(path).resolve(), revision.data)
            except OSError as error:
                revisions.fail(path, error)
                continue
            count = len(revision.findings)
            click.echo(f"{shown(path)}: {count} change{'s' * (count > 1)}", err=True)
    sys.exit(2 if revisions.failed else 0)


@click.command()
@file_options
def diff(**given: Any) -> None:
    """Print what `cleanup fix` would change as a unified diff; exit 1 when there is something."""
    revisions = Revisions(**given)
    changed = False
    for _, revision in revisions:
        if revision.changed:
            changed = True
            for line in unified(revision.before, revision.after, revision.path):
                sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()
    sys.exit(2 if revisions.failed else 1 if changed else 0)
