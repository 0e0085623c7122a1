"""Runs rules over a text: finds where each of them fires, and never changes the text itself.

Most places of a text concern no rule. So the rules of a stage are indexed by the characters their matches begin with;
one look-up over all code points finds the places that matter, the classes of the neighbours thin them out, and only
there is a pattern tried. A rule without such characters is searched for from end to end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.edits import Proposals
from cleanup.language.characters import CODE_POINTS
from cleanup.language.classes import Bits, bits
from cleanup.language.foreign import ADDRESS, TONGUE, Borders, Marks, borders, foreign
from cleanup.options import Options
from cleanup.rulebook import Rule, Rulebook, RuleError, Scope

Places = NDArray[np.intp]

KEPT_OUT: dict[Scope, int] = {"chinese": ADDRESS | TONGUE, "simplified": ADDRESS | TONGUE, "text": ADDRESS, "all": 0}


@dataclass(frozen=True, slots=True)
class Fired:
    """The places where a rule fires: spans of the text, ascending, and the new text of all or of each."""

    rule: Rule
    starts: Sequence[int] | Places
    ends: Sequence[int] | Places
    news: str | Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Rules ready to run: `group` gives each code point the number of the set of rules it may start, 0 for none."""

    anchored: tuple[Rule, ...]
    scanned: tuple[Rule, ...]
    group: NDArray[np.uint8]
    members: tuple[tuple[int, ...], ...]
    borders: Borders
    traditional: NDArray[np.int8]
    seconds: float


@cache
def program(book: Rulebook, stage: str, options: Options) -> Program:
    """Return the rules of a stage that the options let run, indexed."""
    return compile_rules(book.stage(stage, options), book)


def compile_rules(rules: Sequence[Rule], book: Rulebook) -> Program:
    """Index rules by the characters their matches begin with."""
    anchored = tuple(rule for rule in rules if rule.anchored)
    members: list[tuple[int, ...]] = [()]
    group = np.zeros(CODE_POINTS, dtype=np.uint8)
    for number, rule in enumerate(anchored):
        codes = _starters(rule)
        for old in np.unique(group[codes]).tolist():
            which = (*members[old], number)
            if which not in members:
                members.append(which)
            group[codes[group[codes] == old]] = members.index(which)
    traditional = np.zeros(CODE_POINTS, dtype=np.int8)
    for sign, name in ((1, "traditional_only"), (-1, "simplified_only")):
        for word in book.tables[name]:
            traditional[[ord(character) for character in word]] = sign
    return Program(
        anchored=anchored,
        scanned=tuple(rule for rule in rules if not rule.anchored and rule.find is not None),
        group=group,
        members=tuple(members),
        borders=borders(book.tables, book.limits),
        traditional=traditional,
        seconds=book.limits["rule-seconds"],
    )


def _starters(rule: Rule) -> NDArray[np.int64]:
    """Return the code points a match of the rule may begin with."""
    single = np.array([ord(character) for character in rule.at], dtype=np.int64)
    return np.unique(np.concatenate([single, *(np.arange(ord(first), ord(last) + 1) for first, last in rule.ranges)]))


def fire(rules: Program, draft: Draft) -> Iterator[Fired]:
    """Yield where each rule fires, the indexed rules first, in file order."""
    return Scene(rules, draft).fire()


class Scene:
    """One text under a program, with the views of it that several rules need.

    `codes` and `kinds` begin one place before the text: at a line end, as the text ends at one.
    """

    def __init__(self, rules: Program, draft: Draft) -> None:
        self.rules = rules
        self.draft = draft

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """The code points, with a line end before the first and after the last."""
        edge = np.array([10], dtype=np.uint32)
        return np.concatenate([edge, self.draft.codes, edge])

    @cached_property
    def kinds(self) -> Bits:
        """The class bits of `codes`."""
        return bits()[self.codes]

    @cached_property
    def foreign(self) -> Marks | None:
        """Where the text is not Chinese prose; None when all of it is."""
        return foreign(self.draft.text, self.kinds[1:-1], self.rules.borders)

    @cached_property
    def is_simplified(self) -> bool:
        """Whether the document is not traditional throughout: it has more simplified forms, or neither."""
        return int(self.rules.traditional[self.draft.codes].sum(dtype=np.int64)) <= 0

    def is_chinese(self, at: int) -> bool:
        """Tell whether a character stands in Chinese prose."""
        return self.foreign is None or not self.foreign[at]

    def fire(self) -> Iterator[Fired]:
        """Yield where each rule fires, the indexed rules first, in file order."""
        rules = self.rules
        groups = rules.group[self.draft.codes]
        hits = np.flatnonzero(groups)
        if len(hits):
            groups = groups[hits]
            places = {number: hits[groups == number] for number in np.unique(groups).tolist()}
            concerned: dict[int, list[int]] = {}
            for number in places:
                for rule in rules.members[number]:
                    concerned.setdefault(rule, []).append(number)
            for number in sorted(concerned):
                own = concerned[number]
                where = places[own[0]] if len(own) == 1 else np.sort(np.concatenate([places[group] for group in own]))
                fired = self._anchored(rules.anchored[number], where)
                if fired is not None:
                    yield fired
        for rule in rules.scanned:
            if not rule.needs or any(need in self.draft.text for need in rule.needs):
                fired = self._scanned(rule)
                if fired is not None:
                    yield fired

    def propose(self, proposals: Proposals) -> None:
        """Propose an edit for each place where a rule fires, save those rules that only report."""
        for fired in self.fire():
            if not fired.rule.suggests:
                proposals.extend(fired.starts, fired.ends, fired.news, fired.rule.id, fired.rule.confidence)

    def _may_fire(self, rule: Rule, starts: Places, ends: Places) -> NDArray[np.bool_] | None:
        """Which of some spans lie where the rule may fire; None for all."""
        if rule.scope == "simplified" and not self.is_simplified:
            return np.zeros(len(starts), dtype=np.bool_)
        out = KEPT_OUT[rule.scope]
        if not out or self.foreign is None or not len(starts):
            return None
        return np.asarray(((self.foreign[starts] | self.foreign[ends - 1]) & out) == 0)

    def _anchored(self, rule: Rule, starts: Places) -> Fired | None:
        """Where a rule fires, of the places with a character its matches begin with."""
        ends = starts + 1
        if rule.run:
            gap = np.diff(starts) != 1
            starts, ends = starts[np.concatenate([[True], gap])], ends[np.concatenate([gap, [True]])]
        if rule.between:
            before, after = starts, ends + 1  # counted in `codes`, which has one more at either end
            codes, kinds = self.codes, self.kinds
            left, left_kinds, right, right_kinds = codes[before], kinds[before], codes[after], kinds[after]
            allowed = np.zeros(len(starts), dtype=np.bool_)
            for one, other in rule.between:
                allowed |= one.allows(left, left_kinds) & other.allows(right, right_kinds)
            starts, ends = starts[allowed], ends[allowed]
        may = self._may_fire(rule, starts, ends)
        if may is not None:
            starts, ends = starts[may], ends[may]
        if not len(starts):
            return None
        if rule.find is not None:
            return self._found(rule, starts.tolist())
        if rule.map:
            text = self.draft.text
            spans = zip(starts.tolist(), ends.tolist(), strict=True)
            return Fired(rule, starts, ends, [rule.map[text[start:end]] for start, end in spans])
        return Fired(rule, starts, ends, rule.replace)

    def _found(self, rule: Rule, starts: Sequence[int]) -> Fired | None:
        """Try the pattern at each place; a match may not begin inside the one before it."""
        assert rule.find is not None
        match, text, reach = rule.find.match, self.draft.text, 0
        found: list[regex.Match[str]] = []
        if rule.built_in:
            for start in starts:
                if start >= reach and (hit := match(text, start)):
                    found.append(hit)
                    reach = hit.end()
        else:
            for start in starts:
                if start >= reach and (hit := self._in_time(rule, start)):
                    found.append(hit)
                    reach = hit.end()
        return _fired(rule, found)

    def _in_time(self, rule: Rule, start: int) -> regex.Match[str] | None:
        assert rule.find is not None
        try:
            return rule.find.match(self.draft.text, start, timeout=self.rules.seconds)
        except TimeoutError:
            raise _too_slow(rule, self.rules.seconds) from None

    def _scanned(self, rule: Rule) -> Fired | None:
        """Where a rule fires that has to be searched for from end to end."""
        assert rule.find is not None
        try:
            found = list(rule.find.finditer(self.draft.text, timeout=self.rules.seconds))
        except TimeoutError:
            raise _too_slow(rule, self.rules.seconds) from None
        found = [hit for hit in found if hit.end() > hit.start()]
        starts = np.array([hit.start() for hit in found], dtype=np.intp)
        may = self._may_fire(rule, starts, np.array([hit.end() for hit in found], dtype=np.intp))
        if may is not None:
            found = [hit for hit, yes in zip(found, may.tolist(), strict=True) if yes]
        return _fired(rule, found)


def _too_slow(rule: Rule, seconds: float) -> RuleError:
    return RuleError(f"{rule.file}: rule {rule.id}: find took longer than {seconds:g} s; make it more specific")


def _fired(rule: Rule, found: list[regex.Match[str]]) -> Fired | None:
    if not found:
        return None
    news: str | list[str] = rule.replace
    if rule.map:
        news = [rule.map.get(hit.group(), hit.group()) for hit in found]
    elif "\\" in rule.replace:
        news = [hit.expand(rule.replace) for hit in found]
    return Fired(rule, [hit.start() for hit in found], [hit.end() for hit in found], news)
