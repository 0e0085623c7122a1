"""Every rule does what its examples say and nothing in what it keeps; asked of the rules themselves."""

from __future__ import annotations

from time import perf_counter
from types import ModuleType

import pytest

from cleanup import firing, rulebook, rulecheck
from cleanup.document import Draft
from cleanup.options import Options
from cleanup.stages import rejoin, repair, suspects

BOOK = rulebook.load()
PIECES = ("文", "1 ", "，.", "(", "“a", "- ", "文 ", "\x00\r", "ä¸", "1 2 3 ", "，文 “", "『文", "（文)", "文.")
HOSTILE = tuple(piece * (100_000 // len(piece)) for piece in PIECES)
STAGE_SECONDS = 5  # for 100 KB no page has, on a machine that may be busy
SEARCHING = [rule for rule in BOOK.rules if not rule.decides_in_code]


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_a_rule_does_what_it_says(rule: rulebook.Rule) -> None:
    assert not list(rulecheck.problems(rule, BOOK))


@pytest.mark.parametrize("rule", SEARCHING, ids=lambda rule: rule.id)
def test_a_rule_survives_hostile_lines(rule: rulebook.Rule) -> None:
    """Each rule goes through a hostile line of 100 KB in the time a user's rule is allowed."""
    alone = firing.compile_rules([rule], BOOK)
    for line in HOSTILE:
        begin = perf_counter()
        list(firing.Scene(alone, Draft(line)).fire())
        assert perf_counter() - begin < BOOK.limits["rule-seconds"]


@pytest.mark.parametrize("stage", [repair, rejoin, suspects], ids=lambda stage: stage.__name__.rpartition(".")[2])
@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: repr(line[:5]))
def test_what_a_stage_decides_in_code_survives_them_too(stage: ModuleType, line: str) -> None:
    begin = perf_counter()
    stage.propose(Draft(line), BOOK, Options())
    assert perf_counter() - begin < STAGE_SECONDS


def test_rules_are_named_for_what_they_find() -> None:
    for rule in BOOK.rules:
        assert rule.id == rule.id.lower() and " " not in rule.id, rule.id
        assert not rule.what.endswith("."), f"{rule.id}: a name for a pattern has no full stop"
        assert rule.why.endswith("."), f"{rule.id}: why is a sentence"
