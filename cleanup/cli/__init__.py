"""The command line: words to calls, results to exit status. It decides nothing about texts.

Exit status: 0 clean or done, 1 check or diff would change something, 2 bad usage, bad settings or a failed file.
"""

from __future__ import annotations

import gc
import os
from importlib import import_module

import click

from cleanup.cores import one_thread
from cleanup.errors import CleanupError

# a command is loaded when it is asked for: (module in this folder, function, what --help says of it)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "run": ("run", "run", "Clean files or whole folders into articles."),
    "check": ("inplace", "check", "Report what fix would change."),
    "fix": ("inplace", "fix", "Clean files where they stand."),
    "diff": ("inplace", "diff", "Show what fix would change as a diff."),
    "explain": ("provenance", "explain", "Tell what became of a line, and why."),
    "undo": ("provenance", "undo", "Give back the source of an output, byte for byte."),
    "status": ("provenance", "status", "Tell what a run has done, what failed, what is doubtful."),
    "report": ("report", "report", "Write pages that show what became of each source."),
    "settings": ("settings", "settings", "Show what is in force and where it comes from."),
    "rules": ("rules", "rules", "List, explain and test the rules."),
}


class Commands(click.Group):
    """The commands, in the order of use, each loaded only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command = getattr(import_module(f"cleanup.cli.{module}"), function)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; every error this package raises on purpose becomes one line and status 2."""
        try:
            return super().invoke(ctx)
        except CleanupError as error:
            click.echo(f"cleanup: {error}", err=True)
            ctx.exit(2)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry[2]) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a mistyped one is answered with the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(COMMANDS)}"
            ctx.fail(f"no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from cleanup import __version__

        click.echo(f"cleanup {__version__}")
        ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def cleanup() -> None:
    """Turn the OCR and PDF text of Chinese newspapers and books into clean articles, with every change journaled.

    \b
      cleanup run page.txt             print the articles of one file
      cleanup run pages/ -o cleaned/   clean a folder into another one
      cleanup undo cleaned/page        give back the source, byte for byte
    """


def main() -> None:
    """Run the command line."""
    # what is made while starting is kept, so looking through it for garbage again and again is time lost
    gc.set_threshold(50_000, 20, 20)
    one_thread(os.environ)
    cleanup(prog_name="cleanup")
