"""Holds the house to its plan: imports go down only, files stay short, everything says what it is for."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cleanup"
FILES = sorted(path for path in PACKAGE.rglob("*.py"))
LINES = 400

# floor by floor: a room imports from the floors below it, and from its own room where that is a folder
FLOORS = (
    {"bins", "cores", "edits", "errors", "wording"},
    {"document", "logistic", "options"},
    {"arrangement", "language"},
    {"rulebook"},
    {"decode", "firing", "markers", "proposal"},
    {"facts"},
    {"layout"},
    {"assembly"},
    {"journal", "stages"},
    {"decisions", "extensions", "formats"},
    {"pipeline", "settings"},
    {"explain", "rulecheck"},
    {"inplace", "batch", "frames"},
    {"ray", "datatrove", "report"},
    {"cli"},
    {"__main__"},
)
HEIGHT = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    """Return the room a file stands in: its folder below cleanup/, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the modules of the package that a module imports when it is loaded.

    An import inside a function is a call into another room, made when it is needed, and may go up: `Document.undo`
    asks the journal. What counts here is what a file needs to exist.
    """
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "cleanup":
            if node.module == "cleanup":
                yield from (f"cleanup.{name.name}" for name in node.names)
            else:
                yield node.module
                yield from (f"{node.module}.{name.name}" for name in node.names if node.module.count(".") == 1)
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("cleanup."))
        stack.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_down(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert not list(imported(ast.parse(path.read_text("utf-8")))), "the front door loads nothing by itself"
        return
    assert room in HEIGHT, f"{room}: a new room needs a floor in tests/test_house.py"
    for module in imported(ast.parse(path.read_text("utf-8"))):
        other = module.split(".")[1]
        if other == room or other not in HEIGHT:  # its own folder; or a plain name such as __version__
            continue
        assert HEIGHT[other] < HEIGHT[room], f"{path.name} imports {module}, which stands no lower than {room}"


def test_stages_do_not_know_each_other() -> None:
    stages = [path for path in FILES if room_of(path) == "stages" and path.name != "__init__.py"]
    for path in stages:
        own = path.relative_to(PACKAGE / "stages").parts[0].removesuffix(".py")
        for module in imported(ast.parse(path.read_text("utf-8"))):
            parts = module.split(".")
            if parts[1] == "stages" and len(parts) > 2:
                assert parts[2] == own, f"{path.name} imports the stage {parts[2]}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= LINES, f"{path.name} has over {LINES} lines: two rooms?"
    assert ast.get_docstring(tree), f"{path.name} does not say what it is for"
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            nested = any(
                node in ast.walk(outer) and node is not outer
                for outer in ast.walk(tree)
                if isinstance(outer, ast.FunctionDef)
            )
            assert nested or ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"


def test_no_drawer_for_everything() -> None:
    names = {path.stem for path in FILES} | {path.parent.name for path in FILES}
    assert not names & {"utils", "util", "common", "helpers", "misc", "manager", "tools"}


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine and nothing outside the checkout is needed to build, test or run."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    names = [name for name in listing.split("\0") if name] or [
        path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py") if ".venv" not in path.parts
    ]
    outside = re.compile(r"(^|[^.\w])/(?:work|home|root|Users)/\w|\.\./" + "shared")
    for name in names:
        path = ROOT / name
        if path.suffix not in {".py", ".toml", ".md", ".yaml", ".yml", ""} or not path.is_file():
            continue
        hits = [line for line in path.read_text("utf-8", "replace").splitlines() if outside.search(line)]
        assert not hits, f"{name}: {hits[0].strip()}"
