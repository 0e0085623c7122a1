"""Runs the examples of rules: does each rule do what it says, and nothing else?

For `cleanup rules check DIR` and for the tests of the built-in rules alike. It changes no rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cleanup import firing, rulebook
from cleanup.arrangement import realise
from cleanup.document import CleanupError, Draft
from cleanup.edits import Order, Proposals
from cleanup.options import Options
from cleanup.rulebook import Rule, Rulebook
from cleanup.stages import STAGES

STAGE_NAMES = tuple(stage.name for stage in STAGES)


def check(folder: Path) -> list[str]:
    """Return what is wrong with the rules of a folder, a line each; nothing when all is well.

    The rules run beside the built-in ones, as they would in a cleaning.
    """
    try:
        ours = folder.resolve() == rulebook.built_in()
        book = rulebook.load() if ours else rulebook.load(folder)
        rules = [rule for rule in book.rules if rule.built_in == ours]
        return [problem for rule in rules for problem in problems(rule, book)]
    except CleanupError as error:
        return [str(error)]


def problems(rule: Rule, book: Rulebook) -> Iterator[str]:
    """Yield what is wrong with one rule, a line each."""
    where = f"{rule.file}: rule {rule.id}"
    if rule.stage not in STAGE_NAMES:
        yield f"{where}: there is no stage {rule.stage!r}; the stages are {', '.join(STAGE_NAMES)}"
        return
    if not rule.examples:
        yield f"{where}: no [[rule.example]] that shows what it does"
    if not rule.keeps:
        yield f"{where}: no [[rule.keeps]] that shows what it leaves alone"
    for example in rule.examples:
        after, fired = run(rule, example.before, book)
        if not fired:
            yield f"{where}: it does not fire in {example.before!r}"
        elif rule.suggests:
            if after != example.after:
                yield f"{where}: {example.before!r} suggests {after!r}, not {example.after!r}"
        elif after != example.after:
            yield f"{where}: {example.before!r} becomes {after!r}, not {example.after!r}"
        elif not rule.decides_in_code and run(rule, example.after, book)[1]:
            yield f"{where}: it fires again in its own result {example.after!r}"
    for keep in rule.keeps:
        after, fired = run(rule, keep.text, book)
        if fired:
            yield f"{where}: it changes {keep.text!r} to {after!r}, which it must keep: {keep.why}"


def run(rule: Rule, text: str, book: Rulebook) -> tuple[str, bool]:
    """Return what one rule makes of a text, and whether it fired; a rule that only reports shows its suggestion."""
    if rule.decides_in_code:
        return _run_stage(rule, text, book)
    proposals = Proposals()
    for fired in firing.Scene(firing.compile_rules([rule], book), Draft(text)).fire():
        proposals.extend(fired.starts, fired.ends, fired.news, rule.id)
    layer, _ = proposals.settle(text, rule.stage)
    return layer.apply(text), bool(len(layer))


def _run_stage(rule: Rule, text: str, book: Rulebook) -> tuple[str, bool]:
    """Run the whole stage of a rule that decides in code; the rule fired when an edit or a finding bears its id."""
    stage = next(stage for stage in STAGES if stage.name == rule.stage)
    options = Options(unsafe=rule.safety == "unsafe", **{name: values[0] for name, values in rule.when.items()})
    fired = False
    for _ in range(stage.passes):
        proposal = stage.propose(Draft(text), book, options)
        suggested = [finding for finding in proposal.findings if finding.rule == rule.id]
        if suggested:
            for finding in reversed(suggested):
                text = text[: finding.start] + finding.suggestion + text[finding.end :]
            return text, True
        order: Order | None
        order, edits = proposal.order, proposal.edits
        if proposal.arrangement is not None:
            order, edits = realise(text, proposal.arrangement)
        moved = order.apply(text) if order is not None else text
        layer, _ = edits.settle(moved, stage.name)
        fired = fired or rule.id in layer.rules
        after = layer.apply(moved)
        if after == text:
            break
        text = after
    return text, fired
