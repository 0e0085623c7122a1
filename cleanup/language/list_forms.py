"""Lists what OpenCC makes of each single ideograph, so that a short text is judged without loading its dictionaries.

    python -m cleanup.language.list_forms [-o single-forms.txt]

A line a configuration: its name, a tab, then each character and its form in turn. It writes one file and reads none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from cleanup.language.script import CONFIGURATIONS, SHIPPED, convert

IDEOGRAPHS: Final = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


def forms_of(configuration: str) -> str:
    """Return the ideographs that a configuration changes alone, each followed by the one character it becomes."""
    characters = [chr(code) for low, high in IDEOGRAPHS for code in range(low, high)]
    converted = convert("\n".join(characters), configuration).split("\n")
    return "".join(old + new for old, new in zip(characters, converted, strict=True) if old != new and len(new) == 1)


@click.command()
@click.option("-o", "path", type=click.Path(path_type=Path), default=SHIPPED, help="The file to write.")
def main(path: Path) -> None:
    """List the forms that the installed OpenCC gives."""
    lines = [f"{configuration}\t{forms_of(configuration)}\n" for configuration in CONFIGURATIONS]
    path.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
