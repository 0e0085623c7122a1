"""The wheel: built, installed into a fresh environment, and used from there."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import cleanup
from cleanup import rulebook
from tests.conftest import PAGE, ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it alone; what it depends on is lent by the environment of the tests."""
    place = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT), cwd=place)
    (wheel,) = place.glob("hanzi_cleanup-*.whl")
    venv.create(place / "fresh", with_pip=True)
    scripts = place / "fresh" / ("Scripts" if os.name == "nt" else "bin")
    run(str(scripts / "python"), "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel), cwd=place)
    lent = [path for path in sys.path if path.endswith("site-packages")]
    (site,) = (place / "fresh").glob("**/site-packages")
    (site / "lent.pth").write_text("\n".join(lent) + "\n")
    return scripts


def run(*line: str, cwd: Path, stdin: bytes = b"") -> bytes:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(line, cwd=cwd, env=environment, input=stdin, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_the_command_is_there(installed: Path, tmp_path: Path) -> None:
    assert run(str(installed / "cleanup"), "--version", cwd=tmp_path).decode() == f"cleanup {cleanup.__version__}\n"


def test_the_rules_and_the_model_are_inside(installed: Path, tmp_path: Path) -> None:
    code = "from cleanup import rulebook; print(rulebook.built_in()); print(rulebook.load().digest)"
    folder, digest = run(str(installed / "python"), "-c", code, cwd=tmp_path).decode().split()
    assert "site-packages" in folder and str(ROOT) not in folder
    assert digest == rulebook.load().digest


def test_it_cleans_into_a_folder_and_back(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, "utf-8")
    run(str(installed / "cleanup"), "run", "a.txt", "-o", "out", cwd=tmp_path)
    assert (tmp_path / "out" / "a" / "01-防控一线见真情.txt").exists()
    assert run(str(installed / "cleanup"), "undo", "out/a", cwd=tmp_path) == PAGE.encode()
