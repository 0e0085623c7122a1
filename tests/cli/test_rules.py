"""`cleanup rules`: what a user is told about the rules, and about rules of their own."""

from __future__ import annotations

from pathlib import Path

from cleanup import rulebook
from tests.conftest import Command

RULE = """stage = "rejoin"

[[rule]]
id = "my-stars"
what = "Two stars"
why = "Our scanner sets them for a dash."
find = '\\*\\*'
replace = "{new}"
[[rule.example]]
before = "天**地"
after = "天——地"
[[rule.keeps]]
text = "天*地"
why = "one star is a note"
"""


def test_every_rule_is_listed_with_what_it_finds(command: Command) -> None:
    told = command("rules", "list").stdout.decode().splitlines()
    assert len(told) == len(rulebook.load().rules)
    assert all(rule.what in line for rule, line in zip(rulebook.load().rules, told, strict=True))


def test_a_rule_explains_itself(command: Command) -> None:
    rule = next(rule for rule in rulebook.load().rules if rule.examples and rule.keeps)
    told = command("rules", "show", rule.id).stdout.decode()
    assert rule.what in told and rule.why in told
    assert rule.examples[0].after in told and rule.keeps[0].why in told


def test_an_unknown_rule_is_answered_with_those_near_it(command: Command) -> None:
    rule = rulebook.load().rules[0].id
    done = command("rules", "show", rule[:-1])
    assert done.returncode == 2 and rule in done.stderr.decode()


def test_rules_of_the_users_own_are_checked_by_their_examples(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "my-rules"
    folder.mkdir()
    (folder / "mine.toml").write_text(RULE.format(new="——"), "utf-8")
    assert command("rules", "check", folder).returncode == 0
    wrong = tmp_path / "wrong-rules"
    wrong.mkdir()
    (wrong / "mine.toml").write_text(RULE.format(new="--"), "utf-8")
    done = command("rules", "check", wrong)
    assert done.returncode == 2 and b"my-stars" in done.stderr


def test_rules_of_the_users_own_run(command: Command, tmp_path: Path) -> None:
    (tmp_path / "my-rules").mkdir()
    (tmp_path / "my-rules" / "mine.toml").write_text(RULE.format(new="——"), "utf-8")
    (tmp_path / "cleanup.toml").write_text('rules = ["my-rules"]\n')
    (tmp_path / "a.txt").write_text("他说**好。\n", "utf-8")
    assert "他说——好。" in command("run", "a.txt").stdout.decode()
    assert "他说**好。" in command("run", "a.txt", "--ignore", "my-stars").stdout.decode()
