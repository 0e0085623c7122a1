"""What other packages offer: stages, put where the built-in ones that rewrite text end, and folders of rules.

Such stages propose edits like any stage; what they propose is settled, applied and journaled like everything else.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from cleanup.document import CleanupError
from cleanup.stages import Stage

GROUP = "cleanup.stages"
RULES = "cleanup.rules"


class ExtensionError(CleanupError):
    """A stage or a folder of rules that cannot be found or is none; its text names it and the remedy."""


def further_stages(names: tuple[str, ...]) -> tuple[Stage, ...]:
    """Return the stages named in the setting `stages`: "module:object", or the name of an entry point.

    The object is a `Stage`, or a function from (draft, rulebook, options) to a Proposal. Raise ExtensionError.
    """
    return tuple(_stage(name) for name in names)


def with_further(built_in: tuple[Stage, ...], names: tuple[str, ...]) -> tuple[Stage, ...]:
    """Return the built-in stages with further ones before the last, which plans the articles."""
    return (*built_in[:-1], *further_stages(names), built_in[-1])


def rule_folder(name: str) -> Path | None:
    """Return the folder of rules that an installed package offers under a name, None where there is no such name.

    The entry point is a package in whose folder the rules are, or a path. Raise ExtensionError.
    """
    from importlib.metadata import entry_points

    offered = next(iter(entry_points(group=RULES, name=name)), None)
    if offered is None:
        return None
    try:
        found = offered.load()
        return Path(getattr(found, "__path__", [found])[0])
    except (ImportError, AttributeError, TypeError) as error:
        raise ExtensionError(f"setting rules: {name!r} cannot be loaded: {error}") from None


def _stage(name: str) -> Stage:
    from importlib.metadata import entry_points  # slow to load, and most have no stage of their own

    try:
        if ":" in name:
            module, _, attribute = name.partition(":")
            found = getattr(import_module(module), attribute)
        else:
            found = next(iter(entry_points(group=GROUP, name=name))).load()
    except StopIteration:
        known = ", ".join(sorted(entry.name for entry in entry_points(group=GROUP))) or "none"
        raise ExtensionError(f"setting stages: no installed stage {name!r}; installed: {known}") from None
    except (ImportError, AttributeError, ValueError) as error:
        raise ExtensionError(f"setting stages: {name!r} cannot be loaded: {error}") from None
    if isinstance(found, Stage):
        return found
    if callable(found):
        return Stage(name.rpartition(":")[2], (found.__doc__ or name).strip().splitlines()[0], found)
    raise ExtensionError(f"setting stages: {name!r} is neither a Stage nor a function")
