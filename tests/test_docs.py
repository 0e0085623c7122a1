"""The documents: every command that they show runs, every program in them too, and what they list is all there is."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cleanup import rulebook, settings
from cleanup.cli import COMMANDS
from tests.conftest import ROOT, Command

PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETUP = re.compile(r"<!-- the (?:main|test) command -->\n```sh\n(.*?)```", re.DOTALL)


def blocks(page: Path, kind: str) -> list[str]:
    return [text for language, text in BLOCK.findall(page.read_text("utf-8")) if language == kind]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder as a reader has it who works in a clone."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_runs(page: Path, place: Path, command: Command) -> None:
    for text in blocks(page, "console"):
        for line in text.splitlines():
            if line.startswith("$ "):
                run(line.removeprefix("$ "), place, command)


def run(line: str, place: Path, command: Command) -> None:
    """Run one line as a shell would; `# exit 1` after it tells another status than 0."""
    line, _, remark = line.partition("  # ")
    expected = int(remark.removeprefix("exit ")) if remark.startswith("exit ") else 0
    words = shlex.split(line)
    if words[0] != "cleanup":
        assert subprocess.run(words, cwd=place, check=False).returncode == expected, line
        return
    stdin = b""
    if "<" in words:
        at = words.index("<")
        stdin = (place / words[at + 1]).read_bytes()
        words = words[:at]
    ended = command(*words[1:], stdin=stdin)
    assert ended.returncode == expected, f"{line}\n{ended.stderr.decode()}"


@contextmanager
def quiet() -> Iterator[None]:
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()):
        yield


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_program_runs(page: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    names: dict[str, object] = {"__name__": "docs"}
    for text in blocks(page, "python"):
        with quiet():
            exec(compile(text, f"{page.name}", "exec"), names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_settings_table_is_understood(page: Path, tmp_path: Path) -> None:
    for text in blocks(page, "toml"):
        if "[tool.cleanup]" in text:
            tomllib.loads(text)
            (tmp_path / "pyproject.toml").write_text(text, "utf-8")
            settings.read_file(tmp_path / "pyproject.toml")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_rule_does_what_it_says(page: Path, tmp_path: Path) -> None:
    for number, text in enumerate(blocks(page, "toml")):
        if "[[rule]]" in text:
            folder = tmp_path / f"rules-{number}"
            folder.mkdir()
            (folder / "shown.toml").write_text(text, "utf-8")
            assert rulebook.check(folder) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)[^)]*\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_the_example_of_columns_runs_on_the_seeds() -> None:
    line = [sys.executable, str(ROOT / "docs" / "columns.py")]
    done = subprocess.run(line, env=dict(os.environ, PYTHONPATH=str(ROOT)), capture_output=True, check=True)
    assert "党旗在绛县疫情防控一线高高飘扬" in done.stdout.decode()


def test_every_setting_stands_in_the_docs() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for setting in settings.SETTINGS.values():
        assert settings_row(setting) in page, f"docs/settings.md lacks: {settings_row(setting)}"


def settings_row(setting: settings.Setting) -> str:
    """Return the row of a setting in the table of docs/settings.md."""
    takes = setting.takes.replace(" | ", ", ")
    return f"| `{setting.name}` | {takes} | `{settings.shown_value(setting.default)}` | {setting.means} |"


def test_every_command_stands_in_the_docs() -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    for name in COMMANDS:
        assert f"cleanup {name}" in text, f"no page shows `cleanup {name}`"


def test_both_readmes_show_the_same_two_commands() -> None:
    english, chinese = (SETUP.findall((ROOT / name).read_text("utf-8")) for name in ("README.md", "README.zh-CN.md"))
    assert english == chinese and len(english) == 2
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "README.md" in ci, ".ci/run takes its command from the README"
