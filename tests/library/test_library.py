"""The package as a program uses it: typed, documented, extended, and quick to import."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import cleanup
from cleanup.document import Draft
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook
from tests.conftest import PAGE, ROOT


def test_everything_at_the_front_door_is_there_and_documented() -> None:
    for name in cleanup.__all__:
        value = getattr(cleanup, name)
        assert name == "__version__" or inspect.getdoc(value)
    with pytest.raises(AttributeError):
        _ = cleanup.nothing  # type: ignore[attr-defined]


def test_a_consumer_is_checked_by_mypy_in_strict_mode(tmp_path: Path) -> None:
    (tmp_path / "consumer.py").write_text(
        "from pathlib import Path\n"
        "import cleanup\n"
        "document: cleanup.Document = cleanup.clean(b'', name='a')\n"
        "titles: list[str] = [article.title for article in document.articles]\n"
        "blocks: list[cleanup.Block] = [block for article in document.articles for block in article.blocks]\n"
        "edits: list[cleanup.Edit] = [edit for _, edit in document.edits]\n"
        "raw: bytes = document.undo()\n"
        "again: cleanup.Document = cleanup.Document.from_json(document.to_json())\n"
        "told: str = str(document.explain(line=1)) + document.diff()\n"
        "pipeline = cleanup.Pipeline(cleanup.Options(spacing='keep'))\n"
        "for cleaned in pipeline.stream([Path('a.txt'), 'text', b'bytes'], workers=2):\n"
        "    reveal_type(cleaned)\n"
        "for other in cleanup.stream(['a'], on_error=lambda item, error: print(item, error)):\n"
        "    print(other.source.sha256)\n"
        "try:\n"
        "    cleanup.Pipeline.load('cleanup.toml')\n"
        "except cleanup.CleanupError as error:\n"
        "    print(error)\n"
        "cleanup.Options(spacing='wide')  # an error\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir", "cache", "consumer.py"],
        cwd=tmp_path,
        env=dict(os.environ, MYPYPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert len(errors) == 1 and "consumer.py:19" in errors[0], done.stdout + done.stderr
    assert 'Revealed type is "cleanup.document.Document"' in done.stdout


def test_importing_loads_nothing_heavy() -> None:
    code = "import cleanup, sys; print([name for name in ('numpy', 'opencc', 'rich', 'click') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=dict(os.environ, PYTHONPATH=str(ROOT)), capture_output=True, check=True
    )
    assert done.stdout.strip() == b"[]"


def test_the_hook_starts_without_what_it_does_not_need() -> None:
    """What takes long to load and serves other commands is not loaded to check a file."""
    heavy = ("scipy", "rich", "sqlite3", "pyarrow", "ftfy", "jinja2", "pathspec", "charset_normalizer")
    heavy += ("opencc", "orjson", "numpy.ma", "cleanup.decisions", "cleanup.assembly")
    code = (
        "import sys; from cleanup.cli import cleanup\n"
        "try: cleanup(['check', '-'])\n"
        f"finally: print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="短短114个小时，全县解除静态管理。\n".encode(),
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        capture_output=True,
        check=False,
    )
    assert done.stdout.strip() == b"[]", done.stdout + done.stderr


def test_options_of_a_file_hold_for_a_loaded_pipeline(tmp_path: Path) -> None:
    (tmp_path / "cleanup.toml").write_text('spacing = "keep"\n')
    for place in (tmp_path, tmp_path / "cleanup.toml"):
        assert cleanup.Pipeline.load(place).clean("共 3 人。").text == "共 3 人。\n"
    with pytest.raises(cleanup.CleanupError, match="nowhere"):
        cleanup.Pipeline.load(tmp_path / "nowhere.toml")


def stars(draft: Draft, book: Rulebook, options: cleanup.Options) -> Proposal:
    """Two stars become a dash."""
    proposal = Proposal()
    at = draft.text.find("**")
    if at >= 0:
        proposal.edits.add(at, at + 2, "——", "my-stars")
    return proposal


def test_a_stage_of_the_users_own_proposes_edits_like_the_built_in_ones(tmp_path: Path) -> None:
    document = cleanup.clean("他说**好。", options=cleanup.Options(stages=(f"{__name__}:stars",)))
    assert document.text == "他说——好。\n"
    assert ("stars", "my-stars") in {(stage, edit.rule) for stage, edit in document.edits}
    assert document.undo().decode() == "他说**好。"


def test_a_package_offers_a_stage_as_an_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "house_style.py").write_text(f"from {__name__} import stars\n", "utf-8")
    about = tmp_path / "house_style-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: house-style\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text("[cleanup.stages]\nhouse-stars = house_style:stars\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert cleanup.clean("他说**好。", options=cleanup.Options(stages=("house-stars",))).text == "他说——好。\n"


@pytest.mark.parametrize("name", ["no_such_module:stage", f"{__name__}:PAGE", "not-installed"])
def test_a_stage_that_is_none_is_answered(name: str) -> None:
    with pytest.raises(cleanup.CleanupError, match="setting stages"):
        cleanup.Pipeline(cleanup.Options(stages=(name,)))


def test_clean_maps_over_a_column() -> None:
    column = [PAGE, "共 3 人。", ""]
    assert [len(cleanup.clean(text).articles) for text in column] == [1, 1, 0]


def test_a_line_is_explained_by_source_and_by_article() -> None:
    document = cleanup.clean(PAGE, "a.txt")
    by_source, by_article = document.explain(line=3), document.explain(line=3, article=1)
    assert [place.lines for place in by_source.places] == [(3,)] == [place.lines for place in by_article.places]
    assert {change.edit.old for change in by_source.changes} == {" "}
    assert all(change.why for change in by_source.changes)
    for line, article in ((0, None), (99, None), (1, 7)):
        with pytest.raises(cleanup.CleanupError):
            document.explain(line, article)


def test_a_diff_leads_from_source_to_result() -> None:
    told = cleanup.clean(PAGE, "a.txt").diff()
    assert told.startswith("--- a/a.txt\n+++ b/a.txt\n")
    assert "-短短 114 个小时" in told and "+短短114个小时" in told


def test_options_are_compared_by_value_and_can_be_replaced() -> None:
    assert cleanup.Options() == cleanup.Options()
    assert replace(cleanup.Options(), script="keep") != cleanup.Options()
