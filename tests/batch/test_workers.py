"""Workers that crash, hang or cannot start: the rest of the work is done."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cleanup.batch.worker import Beat
from cleanup.batch.workers import Outcome, WorkerError, work
from cleanup.errors import CleanupError


@dataclass(frozen=True)
class Trouble:
    """A craft whose items are words that say what to do."""

    begins: str = "well"

    def begin(self) -> Callable[[str, Beat], Any]:
        if self.begins == "unfit":
            raise CleanupError("no rules found")
        if self.begins == "dead":
            os._exit(7)

        def do(word: str, beat: Beat) -> Any:
            match word:
                case "crash":
                    os.kill(os.getpid(), signal.SIGKILL)
                case "hang":
                    time.sleep(600)
                case "slow":
                    for at in range(8):
                        time.sleep(0.25)
                        beat(at)
                case "fail":
                    raise CleanupError("empty")
                case "fault":
                    raise ZeroDivisionError("1/0")
                case "print":
                    print("noise that must not be taken for an answer")
            return word.upper()

        return do


def run(words: list[str], size: int = 1, **choices: Any) -> list[Outcome[str]]:
    tasks = [words[at : at + size] for at in range(0, len(words), size)]
    return list(work(Trouble(), lambda: tasks.pop(0) if tasks else None, choices.pop("workers", 2), **choices))


def ends(outcomes: list[Outcome[str]]) -> dict[str, str]:
    return {outcome.item: outcome.end for outcome in outcomes}


def test_every_item_is_done_once() -> None:
    words = [f"word-{number}" for number in range(40)]
    outcomes = run(words, size=3)
    assert sorted(outcome.item for outcome in outcomes) == sorted(words)
    assert all(outcome.result == outcome.item.upper() for outcome in outcomes)


def test_a_crash_costs_one_item_of_its_task() -> None:
    found = ends(run(["a", "crash", "b", "c"], size=4, workers=1))
    assert found == {"a": "done", "crash": "lost", "b": "done", "c": "done"}


def test_a_crash_says_how_the_worker_ended() -> None:
    (outcome,) = run(["crash"])
    assert "SIGKILL" in outcome.cause


def test_a_hung_worker_is_ended_and_the_rest_done() -> None:
    found = ends(run(["a", "hang", "b"], size=3, workers=1, timeout=1.0))
    assert found == {"a": "done", "hang": "late", "b": "done"}


def test_a_sign_of_life_puts_the_end_off() -> None:
    assert ends(run(["slow"], timeout=1.2)) == {"slow": "done"}


def test_failures_and_faults_are_told_apart_and_end_nothing() -> None:
    outcomes = {outcome.item: outcome for outcome in run(["fail", "fault", "print", "a"], size=4)}
    assert outcomes["fail"].cause == "empty"
    assert "please report" in outcomes["fault"].cause and "ZeroDivisionError" in outcomes["fault"].cause
    assert outcomes["a"].end == outcomes["print"].end == "done"


def test_what_failed_can_be_given_again() -> None:
    left = [["crash"]]
    seen = []
    for outcome in work(Trouble(), lambda: left.pop() if left else None, 1):
        seen.append(outcome.end)
        if outcome.end == "lost":
            left.append(["again"])
    assert seen == ["lost", "done"]


def test_a_craft_that_cannot_be_set_up_says_why() -> None:
    with pytest.raises(CleanupError, match="no rules found"):
        list(work(Trouble("unfit"), iter([["a"]]).__next__, 1))


def test_workers_that_never_start_are_given_up() -> None:
    def always() -> list[str]:
        return ["a"]

    with pytest.raises(WorkerError, match="exit status 7"):
        list(work(Trouble("dead"), always, 1))
