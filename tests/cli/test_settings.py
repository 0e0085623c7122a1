"""Settings: which file holds, what goes before it, and what is told about them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

import cleanup
from cleanup import settings
from cleanup.options import Options
from tests.conftest import Command


def test_every_option_of_a_cleaning_is_a_setting_with_a_meaning() -> None:
    for entry in fields(Options):
        setting = settings.SETTINGS[entry.name.replace("_", "-")]
        assert setting.default == entry.default and setting.means


def test_the_nearest_file_holds(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.cleanup]\nspacing = "keep"\n')
    inner = tmp_path / "sub" / "pages"
    inner.mkdir(parents=True)
    assert settings.nearest_file(inner) == tmp_path / "pyproject.toml"
    (tmp_path / "sub" / "pyproject.toml").write_text('[project]\nname = "other"\n')
    assert settings.nearest_file(inner) == tmp_path / "pyproject.toml"
    (tmp_path / "sub" / "cleanup.toml").write_text("")
    assert settings.nearest_file(inner) == tmp_path / "sub" / "cleanup.toml"


def test_settings_show_values_and_where_they_come_from(command: Command, tmp_path: Path) -> None:
    (tmp_path / "cleanup.toml").write_text('# a comment\nspacing = "keep"\nthreshold = 0.5\n')
    told = command("settings", "--script", "keep", "--set", "threshold=0.9").stdout.decode().splitlines()
    shown = {line.split(" = ")[0]: line for line in told}
    assert shown["spacing"].endswith("cleanup.toml:2") and '"keep"' in shown["spacing"]
    assert shown["threshold"].endswith("# --set threshold") and "0.9" in shown["threshold"]
    assert shown["script"].endswith("# --script")
    assert shown["limit"].endswith("# default")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('spacign = "keep"\n', "did you mean spacing?"),
        ("colour = 3\n", "known: script, spacing"),
        ("[tool.cleanup]\nunsafe = true\n", "stand without a table"),
        ('spacing = "wide"\n', 'it takes "tight" | "spaced" | "keep"'),
        ("limit = -1\n", "a number"),
        ('rules = "my-rules"\n', "a list of paths"),
        ("unsafe = 1\n", "true | false"),
        ("spacing = \n", "not a readable TOML file"),
    ],
)
def test_what_is_not_understood_is_answered_in_one_line(command: Command, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "cleanup.toml").write_text(text)
    done = command("settings")
    assert done.returncode == 2
    (line,) = done.complaints
    assert "cleanup.toml" in line and said in line


def test_an_error_names_the_line_even_where_other_tools_have_such_a_key(command: Command, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.other]\nspacing = 3\n\n[tool.cleanup]\nunsafe = true\nspacing = 3\n"
    )
    done = command("settings")
    assert done.returncode == 2 and "pyproject.toml:6: spacing = 3" in done.complaints[0]


def test_a_named_file_goes_before_the_nearest(command: Command, tmp_path: Path) -> None:
    (tmp_path / "cleanup.toml").write_text('spacing = "keep"\n')
    (tmp_path / "other.toml").write_text('spacing = "spaced"\n')
    assert 'spacing = "spaced"' in command("settings", "--config", "other.toml").stdout.decode()


def test_paths_count_from_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "cleanup.toml").write_text('rules = ["my-rules"]\n')
    assert settings.read_file(tmp_path / "cleanup.toml")["rules"].value == (tmp_path / "my-rules",)


def test_a_package_offers_a_folder_of_rules_under_a_name(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "house_rules"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    rule = 'id = "two-stars"\nwhat = "Two stars"\nwhy = "A dash."\nfind = \'\\*\\*\'\nreplace = "——"\n'
    (package / "stars.toml").write_text(f'stage = "rejoin"\n[[rule]]\n{rule}', "utf-8")
    about = tmp_path / "site" / "house_rules-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[cleanup.rules]\nhouse-style = house_rules\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    (tmp_path / "cleanup.toml").write_text('rules = ["house-style"]\n')
    options = settings.load_options(tmp_path)
    assert options.rules == (package,)
    assert cleanup.clean("他说**好。", options=options).text == "他说——好。\n"


def test_rules_left_out_by_file_and_by_option_add_up(command: Command, tmp_path: Path) -> None:
    (tmp_path / "cleanup.toml").write_text('off = ["repair/"]\n')
    told = command("settings", "--ignore", "rejoin/").stdout.decode()
    assert 'off = ["rejoin/", "repair/"]' in told


def test_an_option_that_is_none_is_answered(command: Command) -> None:
    done = command("settings", "--set", "limit")
    assert done.returncode == 2 and b"NAME=VALUE" in done.stderr
