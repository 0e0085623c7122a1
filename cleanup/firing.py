"""Runs rules over a text: finds where each of them fires, and never changes the text itself.

Most places of a text concern no rule. All code points are parted into kinds, such that two characters of a kind look
the same to every rule of the stage; one look-up of each pair of neighbours leaves the places where some rule may begin
between such neighbours, and only there is a pattern tried. A rule that does not say with which characters it begins is
searched for from end to end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import compress
from typing import Any, Final

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.edits import Proposals
from cleanup.language.classes import Bits, Side, class_numbers
from cleanup.language.foreign import ADDRESS, TONGUE, Borders, Marks, borders, foreign
from cleanup.options import Options
from cleanup.rulebook import Rule, Rulebook, RuleError, Scope

Places = NDArray[np.intp]
Kinds = NDArray[Any]  # unsigned, as narrow as the number of kinds allows

KEPT_OUT: dict[Scope, int] = {"chinese": ADDRESS | TONGUE, "simplified": ADDRESS | TONGUE, "text": ADDRESS, "all": 0}
LINE_END: Final = ord("\n")
BITS: Final = 32  # of one word


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

    `own`: the kinds that some rule begins with. `allowed`: of each rule the kinds it begins with, and pairs of the
    kinds that may stand before and after. `known`: the rules for a kind between two others, as met so far, by
    (left * kinds + own) * kinds + right; for runs own is 0.
    """

    rules: tuple[Rule, ...]
    own: NDArray[np.bool_]
    allowed: tuple[tuple[NDArray[np.bool_], tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], ...]], ...]
    known: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def rules_at(self, code: int, kinds: int) -> tuple[int, ...]:
        """The numbers of the rules that allow a kind between two others, given as one number."""
        found = self.known.get(code)
        if found is None:
            pair, right = divmod(code, kinds)
            left, own = divmod(pair, kinds)
            found = self.known[code] = tuple(
                number
                for number, (begins, sides) in enumerate(self.allowed)
                if begins[own] and (not sides or any(one[left] and other[right] for one, other in sides))
            )
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Rules ready to run: the `kind` of each code point, how many `kinds` there are, and what each kind tells.

    The last kind is an end of the text: like a line end, but nothing begins with it. `after` and `before`: of each two
    kinds, by left * kinds + right, one bit for each thing that may begin with the second after the first, or with the
    first before the second; where the two words of a place share a bit, a rule of `singles` may begin. Of each kind,
    `stretches` has a bit for each index of `runs` that it begins, `classes` its class, `signs` whether traditional (1)
    or simplified text (-1) alone has it, `apart` whether it is one of the characters that were to be told apart.
    """

    kind: Kinds
    kinds: int
    after: NDArray[np.uint32]
    before: NDArray[np.uint32]
    stretches: NDArray[np.uint32]
    classes: Bits
    signs: NDArray[np.int8]
    apart: NDArray[np.bool_]
    singles: Index
    runs: tuple[Index, ...]
    scanned: tuple[Rule, ...]
    order: Mapping[str, int]
    borders: Borders
    seconds: float


@cache
def program(book: Rulebook, stage: str, options: Options, apart: str = "") -> Program:
    """Return the rules of a stage that the options let run, indexed; `Scene.apart` will find the characters `apart`."""
    return compile_rules(book.stage(stage, options), book, apart)


def compile_rules(rules: Sequence[Rule], book: Rulebook, apart: str = "") -> Program:
    """Part the code points into kinds for some rules, and index the rules by them."""
    anchored = [rule for rule in rules if rule.anchored]
    scripts = {1: "traditional_only", -1: "simplified_only"}
    sets: dict[object, NDArray[np.int64]] = {sign: _codes("".join(book.tables[name])) for sign, name in scripts.items()}
    sets["apart"] = _codes(apart)
    for rule in anchored:
        sets[rule.at, rule.ranges] = _starters(rule)
        for side in (side for pair in rule.between for side in pair if side.characters):
            sets[side.characters] = np.array(side.characters, dtype=np.int64)
    kind, members = _partition(list(sets.values()))
    line_end = members[kind[LINE_END]]
    members.append(line_end)  # the ends of the text
    count = len(members)
    classes = np.array([bit for bit, _ in members], dtype=np.uint16)
    rows = np.zeros((len(sets), count), dtype=np.bool_)
    for number, (_, inside) in enumerate(members):
        rows[list(inside), number] = True
    kinds_of = dict(zip(sets, rows, strict=True))

    def begin_with(rule: Rule) -> NDArray[np.bool_]:
        own = kinds_of[rule.at, rule.ranges].copy()
        own[-1] = False
        return own

    def kinds_beside(side: Side) -> NDArray[np.bool_]:
        beside = np.asarray((classes & side.classes) != 0)
        return beside | kinds_of[side.characters] if side.characters else beside

    def sides(rule: Rule) -> tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], ...]:
        return tuple((kinds_beside(one), kinds_beside(other)) for one, other in rule.between)

    single = [rule for rule in anchored if not rule.run]
    stretched: dict[object, list[Rule]] = {}
    for rule in anchored:
        if rule.run:
            stretched.setdefault((rule.at, rule.ranges), []).append(rule)
    everything = np.ones(count, dtype=np.bool_)
    singles = Index(
        tuple(single),
        np.logical_or.reduce([begin_with(rule) for rule in single], axis=0) if single else ~everything,
        tuple((begin_with(rule), sides(rule)) for rule in single),
    )
    runs = tuple(
        Index(tuple(chosen), begin_with(chosen[0]), tuple((everything, sides(rule)) for rule in chosen))
        for chosen in stretched.values()
    )
    after, before = _words(singles, count)
    stretches = np.zeros(count, dtype=np.uint32)
    for number, index in enumerate(runs):
        stretches[index.own] |= np.uint32(1 << number % BITS)
    return Program(
        kind=kind.astype(np.min_scalar_type(count - 1)),
        kinds=count,
        after=after,
        before=before,
        stretches=stretches,
        classes=classes,
        signs=sum((kinds_of[sign].astype(np.int8) * np.int8(sign) for sign in scripts), np.zeros(count, np.int8)),
        apart=kinds_of["apart"],
        singles=singles,
        runs=runs,
        scanned=tuple(rule for rule in rules if not rule.anchored and rule.find is not None),
        order={rule.id: number for number, rule in enumerate(rules)},
        borders=borders(book.tables, book.limits),
        seconds=book.limits["rule-seconds"],
    )


def _words(index: Index, count: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return `Program.after` and `Program.before`: things that begin with different kinds may have the same bit."""
    after, before = (np.zeros((count, count), dtype=np.uint32) for _ in range(2))
    taken: list[NDArray[np.bool_]] = [np.zeros(count, dtype=np.bool_) for _ in range(BITS)]
    everything = np.ones(count, dtype=np.bool_)
    for own, sides in index.allowed:
        for number, (one, other) in enumerate(sides or ((everything, everything),)):
            bit = next((bit for bit in range(BITS) if not (taken[bit] & own).any()), number % BITS)
            taken[bit] |= own
            after[np.ix_(one, own)] |= np.uint32(1 << bit)
            before[np.ix_(own, other)] |= np.uint32(1 << bit)
    return after.ravel(), before.ravel()


def _codes(characters: str) -> NDArray[np.int64]:
    return np.array([ord(character) for character in characters], dtype=np.int64)


def _starters(rule: Rule) -> NDArray[np.int64]:
    """Return the code points a match of the rule may begin with."""
    return np.concatenate([_codes(rule.at), *(np.arange(ord(first), ord(last) + 1) for first, last in rule.ranges)])


def _partition(sets: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.uint16], list[tuple[int, frozenset[int]]]]:
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

    `kinds` has an end of the text before the first character and after the last.
    """

    def __init__(self, rules: Program, draft: Draft) -> None:
        self.rules = rules
        self.draft = draft

    @cached_property
    def kinds(self) -> Kinds:
        """The kind of each character, between two ends of the text."""
        kinds = np.empty(len(self.draft.codes) + 2, dtype=self.rules.kind.dtype)
        self.rules.kind.take(self.draft.codes, out=kinds[1:-1], mode="clip")
        kinds[0] = kinds[-1] = self.rules.kinds - 1
        return kinds

    @cached_property
    def classes(self) -> Bits:
        """The class bits of the characters of the text."""
        return self.rules.classes.take(self.kinds[1:-1])

    @property
    def apart(self) -> Places:
        """Where the characters stand that the program was to tell apart."""
        return np.flatnonzero(self.rules.apart.take(self.kinds[1:-1]))

    @cached_property
    def foreign(self) -> Marks | None:
        """Where the text is not Chinese prose; None when all of it is."""
        return foreign(self.draft.text, self.classes, self.rules.borders)

    @cached_property
    def is_simplified(self) -> bool:
        """Whether the document is not traditional throughout: it has more simplified forms, or neither."""
        return int(self.rules.signs.take(self.kinds).sum(dtype=np.int64)) <= 0

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
        for _, (rule, starts, ends) in sorted(self._spans().items()):
            fired = self._at(rule, starts, ends)
            if fired is not None:
                yield fired
        for rule in self.rules.scanned:
            if not rule.needs or any(need in self.draft.text for need in rule.needs):
                fired = self._anywhere(rule)
                if fired is not None:
                    yield fired

    def _spans(self) -> dict[int, tuple[Rule, list[int], list[int]]]:
        """The spans at which each rule may fire, by its number in file order."""
        kinds, count = self.kinds, self.rules.kinds
        codes = kinds[:-1].astype(np.intp)
        codes *= count
        codes += kinds[1:]
        spans: dict[int, tuple[Rule, list[int], list[int]]] = {}
        begin = np.flatnonzero((self.rules.after.take(codes[:-1]) & self.rules.before.take(codes[1:])) != 0)
        if len(begin):
            between = codes[begin] * count + kinds[begin + 2]
            self._choose(self.rules.singles, between, begin, begin + 1, spans)
        present = int(np.bitwise_or.reduce(self.rules.stretches.take(kinds))) if self.rules.runs else 0
        for number, index in enumerate(self.rules.runs):
            if present >> number % BITS & 1:
                turns = np.flatnonzero(np.diff(index.own.take(kinds)))
                begin, end = turns[::2], turns[1::2]
                between = kinds[begin].astype(np.intp) * (count * count) + kinds[end + 1]
                self._choose(index, between, begin, end, spans)
        return spans

    def _choose(
        self,
        index: Index,
        between: Places,
        begin: Places,
        end: Places,
        spans: dict[int, tuple[Rule, list[int], list[int]]],
    ) -> None:
        """Add the spans of an index to those of the rules that allow them."""
        known, count = index.known, self.rules.kinds
        chosen: dict[int, list[int]] = {}
        for place, code in enumerate(between.tolist()):
            numbers = known.get(code)
            for number in index.rules_at(code, count) if numbers is None else numbers:
                if number in chosen:
                    chosen[number].append(place)
                else:
                    chosen[number] = [place]
        starts, ends = begin.tolist(), end.tolist()
        for number, places in chosen.items():
            rule = index.rules[number]
            low, high = [starts[place] for place in places], [ends[place] for place in places]
            spans[self.rules.order[rule.id]] = (rule, low, high)

    def _may_fire(self, rule: Rule, starts: Sequence[int], ends: Sequence[int]) -> Sequence[bool] | None:
        """Which of some spans lie where the rule may fire; None for all."""
        if rule.scope == "simplified" and not self.is_simplified:
            return [False] * len(starts)
        out = KEPT_OUT[rule.scope]
        if not out or not len(starts) or self.foreign is None:
            return None
        first = np.array(starts, dtype=np.intp)
        last = np.array(ends, dtype=np.intp) - 1
        kept_out = (self.foreign[first] | self.foreign[last]) & out
        return [not mark for mark in kept_out.tolist()] if kept_out.any() else None

    def _at(self, rule: Rule, starts: list[int], ends: list[int]) -> Fired | None:
        """Where a rule fires, of the places that its characters and their neighbours allow."""
        if rule.find is not None:
            return self._within_scope(rule, self._found(rule, starts))
        may = self._may_fire(rule, starts, ends)
        if may is not None:
            starts, ends = list(compress(starts, may)), list(compress(ends, may))
        if not starts:
            return None
        if rule.map:
            text = self.draft.text
            return Fired(rule, starts, ends, [rule.map[text[low:high]] for low, high in zip(starts, ends, strict=True)])
        return Fired(rule, starts, ends, rule.replace)

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
        starts = [hit.start() for hit in found]
        may = self._may_fire(rule, starts, [max(hit.end(), hit.start() + 1) for hit in found])
        return _fired(rule, found if may is None else list(compress(found, may)))


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
