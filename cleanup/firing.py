"""Runs rules over a text: finds where each of them fires, and never changes the text itself.

Most places of a text concern no rule. All code points are parted into kinds, such that two characters of a kind look
the same to every rule of the stage; a few look-ups over the whole text leave the places where some rule may begin
between such neighbours, and only there is a pattern tried. A rule that does not say with which characters it begins is
searched for from end to end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import compress

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.edits import Proposals
from cleanup.language.classes import Bits, Side, bits, class_numbers
from cleanup.language.foreign import ADDRESS, TONGUE, Borders, Marks, borders, foreign
from cleanup.options import Options
from cleanup.rulebook import Rule, Rulebook, RuleError, Scope

Places = NDArray[np.intp]
Kinds = NDArray[np.uint16]

KEPT_OUT: dict[Scope, int] = {"chinese": ADDRESS | TONGUE, "simplified": ADDRESS | TONGUE, "text": ADDRESS, "all": 0}


@dataclass(frozen=True, slots=True)
class Fired:
    """The places where a rule fires: spans of the text, ascending, and the new text of all or of each."""

    rule: Rule
    starts: Sequence[int]
    ends: Sequence[int]
    news: str | Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Rules whose matches begin at one character each, or at a run of some characters.

    `bit`: which bit of `Program.flags` says that a match may begin with a kind. `after[k * kinds + l]`: some rule that
    begins with kind k allows kind l before it; `before` the same for what follows. `known`: the rules for a kind and
    its two neighbours, as met so far, by (k * kinds + l) * kinds + r. For runs k is always 0.
    """

    rules: tuple[Rule, ...]
    bit: int
    after: NDArray[np.bool_]
    before: NDArray[np.bool_]
    allowed: tuple[tuple[NDArray[np.bool_], tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], ...]], ...]
    known: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def rules_at(self, code: int, kinds: int) -> tuple[int, ...]:
        """The numbers of the rules that allow a kind between two others, given as one number."""
        found = self.known.get(code)
        if found is None:
            pair, right = divmod(code, kinds)
            own, left = divmod(pair, kinds)
            found = self.known[code] = tuple(
                number
                for number, (begins, sides) in enumerate(self.allowed)
                if begins[own] and (not sides or any(one[left] and other[right] for one, other in sides))
            )
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Rules ready to run: `kind` of each code point, how many `kinds` there are, and the `flags` of each kind."""

    kind: Kinds
    kinds: int
    flags: NDArray[np.uint32]
    singles: Index
    runs: tuple[Index, ...]
    scanned: tuple[Rule, ...]
    order: dict[str, int]
    borders: Borders
    traditional: NDArray[np.int8]
    seconds: float


@cache
def program(book: Rulebook, stage: str, options: Options) -> Program:
    """Return the rules of a stage that the options let run, indexed."""
    return compile_rules(book.stage(stage, options), book)


def compile_rules(rules: Sequence[Rule], book: Rulebook) -> Program:
    """Part the code points into kinds for some rules, and index the rules by them."""
    anchored = [rule for rule in rules if rule.anchored]
    sets: dict[object, NDArray[np.int64]] = {}
    for rule in anchored:
        sets[rule.at, rule.ranges] = _starters(rule)
        for side in (side for pair in rule.between for side in pair if side.characters):
            sets[side.characters] = np.array(side.characters, dtype=np.int64)
    kind, members = _partition(list(sets.values()))
    count = len(members)
    classes = np.array([bit for bit, _ in members])
    rows = np.zeros((len(sets), count), dtype=np.bool_)
    for number, (_, inside) in enumerate(members):
        rows[list(inside), number] = True
    kinds_of = dict(zip(sets, rows, strict=True))

    def kinds_beside(side: Side) -> NDArray[np.bool_]:
        beside = np.asarray((classes & side.classes) != 0)
        return beside | kinds_of[side.characters] if side.characters else beside

    flags = np.zeros(count, dtype=np.uint32)

    def index(chosen: Sequence[Rule], bit: int) -> Index:
        after, before = (np.zeros((count, count), dtype=np.bool_) for _ in range(2))
        allowed = []
        for rule in chosen:
            own = kinds_of[rule.at, rule.ranges]
            flags[own] |= np.uint32(1 << bit)
            first = np.arange(count) == 0 if rule.run else own
            sides = tuple((kinds_beside(one), kinds_beside(other)) for one, other in rule.between)
            allowed.append((first, sides))
            for one, other in sides or [(np.ones(count, np.bool_),) * 2]:
                after[np.ix_(first, one)] = True
                before[np.ix_(first, other)] = True
        return Index(tuple(chosen), 1 << bit, after.ravel(), before.ravel(), tuple(allowed))

    runs: dict[object, list[Rule]] = {}
    for rule in anchored:
        if rule.run:
            runs.setdefault((rule.at, rule.ranges), []).append(rule)
    singles = index([rule for rule in anchored if not rule.run], 0)
    traditional = np.zeros(len(kind), dtype=np.int8)
    for sign, name in ((1, "traditional_only"), (-1, "simplified_only")):
        traditional[[ord(character) for characters in book.tables[name] for character in characters]] = sign
    return Program(
        kind=kind,
        kinds=count,
        singles=singles,
        runs=tuple(index(chosen, bit) for bit, chosen in enumerate(runs.values(), 1)),
        flags=flags,
        scanned=tuple(rule for rule in rules if not rule.anchored and rule.find is not None),
        order={rule.id: number for number, rule in enumerate(rules)},
        borders=borders(book.tables, book.limits),
        traditional=traditional,
        seconds=book.limits["rule-seconds"],
    )


def _starters(rule: Rule) -> NDArray[np.int64]:
    """Return the code points a match of the rule may begin with."""
    single = np.array([ord(character) for character in rule.at], dtype=np.int64)
    return np.concatenate([single, *(np.arange(ord(first), ord(last) + 1) for first, last in rule.ranges)])


def _partition(sets: Sequence[NDArray[np.int64]]) -> tuple[Kinds, list[tuple[int, frozenset[int]]]]:
    """Part the code points by class and the sets they are in; return each one's kind, each kind's class and sets."""
    kind, classes = class_numbers()
    kind = kind.copy()
    members = [(bit, frozenset[int]()) for bit in classes]
    for number, codes in enumerate(sets):
        before = kind[codes]
        for old in np.flatnonzero(np.bincount(before)).tolist():
            kind[codes[before == old]] = len(members)
            members.append((members[old][0], members[old][1] | {number}))
    return kind, members


def fire(rules: Program, draft: Draft) -> Iterator[Fired]:
    """Yield where each rule fires, in file order."""
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
    def kinds(self) -> Kinds:
        """The kind of each of `codes`."""
        return self.rules.kind[self.codes]

    @cached_property
    def classes(self) -> Bits:
        """The class bits of the characters of the text."""
        return bits()[self.draft.codes]

    @cached_property
    def foreign(self) -> Marks | None:
        """Where the text is not Chinese prose; None when all of it is."""
        return foreign(self.draft.text, self.draft.codes, self.classes, self.rules.borders)

    @cached_property
    def is_simplified(self) -> bool:
        """Whether the document is not traditional throughout: it has more simplified forms, or neither."""
        return int(self.rules.traditional[self.draft.codes].sum(dtype=np.int64)) <= 0

    def is_chinese(self, at: int) -> bool:
        """Tell whether a character stands in Chinese prose."""
        return self.foreign is None or not self.foreign[at]

    def propose(self, proposals: Proposals) -> None:
        """Propose an edit for each place where a rule fires, save those rules that only report."""
        for fired in self.fire():
            if not fired.rule.suggests:
                proposals.extend(fired.starts, fired.ends, fired.news, fired.rule.id, fired.rule.confidence)

    def fire(self) -> Iterator[Fired]:
        """Yield where each rule fires, in file order."""
        spans: dict[int, tuple[Rule, Places, Places]] = {}
        flags = self.rules.flags[self.kinds]
        flags[0] = flags[-1] = 0  # the line ends that stand for the ends of the text
        places = np.flatnonzero(flags)
        flags = flags[places]
        places -= 1
        present = int(np.bitwise_or.reduce(flags, initial=0))
        for index in (self.rules.singles, *self.rules.runs):
            if not present & index.bit:
                continue
            begin = places[(flags & np.uint32(index.bit)) != 0]
            end = begin + 1
            own: int | NDArray[np.int64] = 0
            if index is self.rules.singles:
                own = self.kinds[begin + 1].astype(np.int64)
            else:
                apart = begin[1:] != end[:-1]
                begin, end = begin[np.concatenate([[True], apart])], end[np.concatenate([apart, [True]])]
            for number, chosen in self._allowed(index, own, begin, end):
                rule = index.rules[number]
                spans[self.rules.order[rule.id]] = (rule, begin[chosen], end[chosen])
        for _, (rule, starts, ends) in sorted(spans.items()):
            fired = self._at(rule, starts, ends)
            if fired is not None:
                yield fired
        for rule in self.rules.scanned:
            if not rule.needs or any(need in self.draft.text for need in rule.needs):
                fired = self._anywhere(rule)
                if fired is not None:
                    yield fired

    def _allowed(
        self, index: Index, own: int | NDArray[np.int64], begin: Places, end: Places
    ) -> Iterator[tuple[int, Places]]:
        """Yield the rules of an index that some places allow, each with the numbers of the places."""
        count = self.rules.kinds
        first = own * count
        left, right = self.kinds[begin], self.kinds[end + 1]
        live = np.flatnonzero(index.after[first + left] & index.before[first + right])
        if not len(live):
            return
        codes = ((first + left) * count + right)[live]
        found: dict[int, list[int]] = {}
        for place, code in zip(live.tolist(), codes.tolist(), strict=True):
            for number in index.rules_at(code, count):
                found.setdefault(number, []).append(place)
        for number, places in found.items():
            yield number, np.array(places, dtype=np.intp)

    def _may_fire(self, rule: Rule, starts: Places, ends: Places) -> NDArray[np.bool_] | None:
        """Which of some spans lie where the rule may fire; None for all."""
        if rule.scope == "simplified" and not self.is_simplified:
            return np.zeros(len(starts), dtype=np.bool_)
        out = KEPT_OUT[rule.scope]
        if not out or self.foreign is None or not len(starts):
            return None
        return np.asarray(((self.foreign[starts] | self.foreign[ends - 1]) & out) == 0)

    def _at(self, rule: Rule, starts: Places, ends: Places) -> Fired | None:
        """Where a rule fires, of the places that its characters and their neighbours allow."""
        if rule.find is not None:
            return self._within_scope(rule, self._found(rule, starts.tolist()))
        may = self._may_fire(rule, starts, ends)
        if may is not None:
            starts, ends = starts[may], ends[may]
        if not len(starts):
            return None
        begin, end = starts.tolist(), ends.tolist()
        if rule.map:
            text = self.draft.text
            return Fired(rule, begin, end, [rule.map[text[low:high]] for low, high in zip(begin, end, strict=True)])
        return Fired(rule, begin, end, rule.replace)

    def _found(self, rule: Rule, starts: Sequence[int]) -> list[regex.Match[str]]:
        """Try the pattern at each place; a match may not begin inside the one before it."""
        assert rule.find is not None
        match, text, reach = rule.find.compiled.match, self.draft.text, 0
        found: list[regex.Match[str]] = []
        for start in starts:
            if start < reach:
                continue
            hit = match(text, start) if rule.built_in else self._in_time(rule, start)
            if hit is not None:
                found.append(hit)
                reach = hit.end()
        return found

    def _in_time(self, rule: Rule, start: int) -> regex.Match[str] | None:
        assert rule.find is not None
        try:
            return rule.find.compiled.match(self.draft.text, start, timeout=self.rules.seconds)
        except TimeoutError:
            raise _too_slow(rule, self.rules.seconds) from None

    def _anywhere(self, rule: Rule) -> Fired | None:
        """Where a rule fires that has to be searched for from end to end."""
        assert rule.find is not None
        try:
            found = list(rule.find.compiled.finditer(self.draft.text, timeout=self.rules.seconds))
        except TimeoutError:
            raise _too_slow(rule, self.rules.seconds) from None
        return self._within_scope(rule, [hit for hit in found if hit.end() > hit.start()])

    def _within_scope(self, rule: Rule, found: list[regex.Match[str]]) -> Fired | None:
        if not found:
            return None
        starts = np.array([hit.start() for hit in found], dtype=np.intp)
        may = self._may_fire(rule, starts, np.array([max(hit.end(), hit.start() + 1) for hit in found], dtype=np.intp))
        return _fired(rule, found if may is None else list(compress(found, may.tolist())))


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
