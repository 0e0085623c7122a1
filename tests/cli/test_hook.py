"""The hooks in a real run of pre-commit on a repository made for it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PRE_COMMIT = shutil.which("pre-commit", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
DIRTY = "短短 114 个小时，全县解除静态管理。"
CLEAN = "短短114个小时，全县解除静态管理。"

pytestmark = pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository whose hooks are those of `.pre-commit-hooks.yaml`, run by the program under test.

    The hooks stand in the configuration itself, with `language: system`, so that nothing is fetched or installed.
    """
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    local = "\n".join(f"    {line}" for line in hooks.splitlines() if not line.startswith("#"))
    local = local.replace("language: python", "language: system")
    local = local.replace("entry: cleanup", f"entry: {sys.executable} -m cleanup")
    (tmp_path / ".pre-commit-config.yaml").write_text(f"repos:\n- repo: local\n  hooks:\n{local}\n", "utf-8")
    git(tmp_path, "init", "-q")
    return tmp_path


def git(repository: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=repository, check=True, capture_output=True)


def hooks(repository: Path, hook: str) -> subprocess.CompletedProcess[str]:
    git(repository, "add", "-A")
    environment = dict(os.environ, PYTHONPATH=str(ROOT), PRE_COMMIT_HOME=str(repository.parent / "pre-commit"))
    return subprocess.run(
        [str(PRE_COMMIT), "run", hook, "--all-files"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_fix_changes_a_dirty_file_once_and_keeps_what_is_not_its_own(repository: Path) -> None:
    windows, open_end, script, other = (repository / name for name in ("a.txt", "b.md", "c.txt", "d.csv"))
    windows.write_bytes(f"{DIRTY}\r\n".encode())
    open_end.write_text(DIRTY, "utf-8")
    script.write_text(f"{DIRTY}\n", "utf-8")
    script.chmod(0o755)
    other.write_text(f"{DIRTY}\n", "utf-8")
    first = hooks(repository, "cleanup-fix")
    assert first.returncode == 1, first.stdout + first.stderr
    assert windows.read_bytes() == f"{CLEAN}\r\n".encode()
    assert open_end.read_text("utf-8") == CLEAN
    assert script.read_text("utf-8") == f"{CLEAN}\n" and stat.S_IMODE(script.stat().st_mode) == 0o755
    assert other.read_text("utf-8") == f"{DIRTY}\n", "a file outside the types is not touched"
    second = hooks(repository, "cleanup-fix")
    assert second.returncode == 0, second.stdout + second.stderr


def test_check_reports_and_changes_nothing(repository: Path) -> None:
    path = repository / "a.txt"
    path.write_text(f"{DIRTY}\n", "utf-8")
    done = hooks(repository, "cleanup-check")
    assert done.returncode == 1 and "a.txt:1:3" in done.stdout
    assert path.read_text("utf-8") == f"{DIRTY}\n"
    path.write_text(f"{CLEAN}\n", "utf-8")
    assert hooks(repository, "cleanup-check").returncode == 0
