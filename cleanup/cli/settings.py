"""`cleanup settings`: every setting, its value, and where the value comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleanup.cli.options import cleaning_options, settings_in_force
from cleanup.settings import SETTINGS, shown_value


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--explain", "verbose", is_flag=True, help="Also what each setting means and takes.")
@cleaning_options
def settings(
    paths: tuple[str, ...], verbose: bool, assignments: tuple[str, ...], config: Path | None, **given: Any
) -> None:
    """Show what is in force for PATH… (by default the working folder) and where each value comes from.

    The nearest cleanup.toml, or pyproject.toml with a table [tool.cleanup], holds; options go before it.
    """
    values = settings_in_force(paths or (".",), given, assignments, config)
    lines = {name: f"{name} = {shown_value(value.value)}" for name, value in values.items()}
    width = min(48, max(map(len, lines.values())))
    for name, line in lines.items():
        if verbose:
            click.echo(f"\n# {SETTINGS[name].means}; takes {SETTINGS[name].takes}")
        click.echo(f"{line:{width}}  # {values[name].origin}")
