"""`cleanup rules`: what the rules are, why, and whether a folder of rules does what its examples say."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cleanup import rulebook
from cleanup.document import CleanupError
from cleanup.wording import shown

FURTHER = click.option(
    "--rules", "folders", multiple=True, type=click.Path(path_type=Path), help="Also the rules of this folder."
)


@click.group()
def rules() -> None:
    """List, explain and test the rules."""


@rules.command("list")
@click.argument("stage", required=False)
@FURTHER
def list_rules(stage: str | None, folders: tuple[Path, ...]) -> None:
    """Print a line for each rule: its id, its stage and topic, what it finds."""
    book = rulebook.load(*folders)
    listed = [rule for rule in book.rules if stage in (None, rule.stage)]
    if not listed:
        stages = sorted({rule.stage for rule in book.rules})
        raise CleanupError(f"no rules of a stage {stage!r}; the stages with rules are {', '.join(stages)}")
    width = max(len(rule.id) for rule in listed)
    place = max(len(f"{rule.stage}/{rule.topic}") for rule in listed)
    for rule in listed:
        unsafe = " (unsafe)" if rule.safety == "unsafe" else ""
        click.echo(f"{rule.id:{width}}  {f'{rule.stage}/{rule.topic}':{place}}  {rule.what}{unsafe}")


@rules.command()
@click.argument("identity", metavar="ID")
@FURTHER
def show(identity: str, folders: tuple[Path, ...]) -> None:
    """Explain one rule: what it finds, why, what it changes and what it leaves alone."""
    book = rulebook.load(*folders)
    rule = book.by_id.get(identity)
    if rule is None:
        from difflib import get_close_matches

        near = get_close_matches(identity, list(book.by_id), 3, 0.4)
        raise CleanupError(f"no rule {identity!r}" + (f"; near it: {', '.join(near)}" if near else ""))
    click.echo(f"{rule.id}  ({rule.stage}/{rule.topic}, {rule.safety})\n\n{rule.what}.\n{rule.why}")
    click.echo()
    for name, text in rule.form:
        click.echo(f"{name:9} {text}")
    for example in rule.examples:
        click.echo(f"\nexample   {example.before}\n       →  {example.after}")
    for keep in rule.keeps:
        click.echo(f"\nkeeps     {keep.text}\n          {keep.why}")
    if rule.when:
        allowed = "; ".join(f"{name} = {' or '.join(map(str, values))}" for name, values in rule.when.items())
        click.echo(f"\nruns when {allowed}")


@rules.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Run the examples of every rule in DIR; a problem is printed a line, and the exit status is then 2."""
    problems = rulebook.check(folder)
    for problem in problems:
        click.echo(f"cleanup: {problem}", err=True)
    if problems:
        sys.exit(2)
    click.echo(f"{shown(folder)}: every rule does what its examples say")
