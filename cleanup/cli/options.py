"""The options that several commands share, and how they become settings in force. It runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from cleanup.batch.reading import MEGABYTE, STDIN
from cleanup.settings import SETTINGS, Value, checked, common_folder, in_force, parsed

Command = TypeVar("Command", bound=Callable[..., Any])

# which option gives which setting; a list option may be given several times
CLEANING = (
    click.option(
        "--script",
        type=click.Choice(("auto", "simplified", "traditional", "keep")),
        help="What becomes of traditional characters.",
    ),
    click.option("--spacing", type=click.Choice(("tight", "spaced", "keep")), help="Between Han and digits."),
    click.option("--quotes", type=click.Choice(("curly", "keep")), help="What becomes of 「」."),
    click.option("--ignore", "off", multiple=True, metavar="RULE", help="Leave this rule, or folder of rules, out."),
    click.option("--unsafe", is_flag=True, default=None, help="Also run rules that may be wrong."),
    click.option("--rules", multiple=True, metavar="DIR", help="Also the rules of this folder."),
    click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Any setting."),
    click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Use this settings file."),
)


def cleaning_options(command: Command) -> Command:
    """Give a command the options that decide about a cleaning."""
    for option in reversed(CLEANING):
        command = option(command)
    return command


def settings_in_force(
    paths: tuple[str, ...], given: Mapping[str, Any], assignments: tuple[str, ...] = (), config: Path | None = None
) -> dict[str, Value]:
    """Return the settings for these paths; `given` holds option values by setting name, None where not given.

    Raise SettingsError for bad values.
    """
    here = Path.cwd()
    said: dict[str, Value] = {}
    for assignment in assignments:
        key, value = parsed(assignment, here)
        said[key] = Value(value, f"--set {key}")
    for name, value in given.items():
        if value is None or value == ():
            continue
        key = name.replace("_", "-")
        plain = list(value) if isinstance(value, tuple) else value
        said[key] = Value(checked(key, plain, here, f"--{key}"), f"--{key}")
    real = [Path(path) for path in paths if path != STDIN]
    values = in_force(common_folder(real), said, config)
    if given.get("off"):  # what the command line silences adds to what the file does
        filed = in_force(common_folder(real), {}, config)["off"]
        values["off"] = Value(values["off"].value | filed.value, values["off"].origin)
    return values


def megabytes(values: Mapping[str, Value], name: str) -> int:
    """Return a setting that is given in MB as bytes."""
    return int(values[name].value * MEGABYTE)


def setting_names() -> list[str]:
    """Return the names of all settings, for completion."""
    return list(SETTINGS)
