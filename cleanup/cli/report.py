"""`cleanup report`: pages to look at, made from an output folder."""

from __future__ import annotations

from pathlib import Path

import click

from cleanup.wording import shown


@click.command()
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("names", nargs=-1, metavar="[SOURCE…]")
@click.option("--all", "everything", is_flag=True, help="A page for every source, however many there are.")
def report(out: Path, names: tuple[str, ...], everything: bool) -> None:
    """Write pages that show what became of each source: an index of OUT, and a page for each SOURCE.

    Without SOURCE every source gets a page where there are few of them. The pages open by double-click.
    """
    from cleanup.report.write import write

    pages = write(out, names, everything=everything)
    click.echo(f"{shown(pages[0])}" + (f" and {len(pages) - 1:,} pages of sources" if len(pages) > 1 else ""))
