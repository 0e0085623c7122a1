"""Traditional passages and stray traditional characters of a simplified document become simplified, on evidence.

Each place is judged by the run it stands in: characters of one script alone say which; those of both scripts follow the
run, the phrase, the tables of names and the document's own spelling. It changes one character for one, never adds or
drops any, and leaves alone a document that is traditional throughout unless asked.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup import firing
from cleanup.document import Draft
from cleanup.edits import Positions, Proposals
from cleanup.language import script
from cleanup.language.characters import han
from cleanup.language.script import DOUBTFUL, FIRST_TRIGGER, KANA, NAME_FORM, SIMPLIFIED, TRADITIONAL, Scripts
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rule, Rulebook

RUN, STRAY, AMBIGUOUS = "traditional-run", "stray-traditional-character", "ambiguous-in-traditional-run"
KNOWN, PROTECTED, ASKED = "name-known-from-the-document", "protected-name", "simplified-to-traditional"
PARTICLE, PARTICLE_RULE = "著", "particle-zhe"  # where a standard writes 着, its 著 is never the particle
TAIWAN = "tw2s"
IN_RUNS = "words"  # rules of this topic hold inside traditional runs alone, all others anywhere
EDGES = "\n。！？；，、：…“”‘’「」『』《》〈〉（）()"  # between two of them stands a piece of one language
MENTION = regex.compile(r"(?<=[“‘「『\"'（(])\p{Han}(?=[”’」』\"'）)])")  # a character spoken of: “癆”
WINDOWS = (4, 3, 2)  # lengths at which the document's own spelling is looked up, the most telling first
TABLES = (
    "legitimate", "name-forms", "also-traditional", "second-forms", "standards", "protected", "protected-patterns",
    "words-about-characters",
)  # fmt: skip

Choices = dict[int, tuple[str, str, float]]  # by place in the line: the character that stands there, the rule, how sure


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What the rulebook says, made ready: the scripts, the odds, and the names that hold against a conversion."""

    scripts: Scripts
    standards: Mapping[str, str]
    protected: regex.Pattern[str]  # over folded text
    words: Mapping[str, tuple[str, ...]]  # the words of a folded form
    patterns: tuple[regex.Pattern[str], ...]
    about_characters: tuple[str, ...]
    certain: Mapping[int, str]  # the simplified form of the characters that traditional text alone has


def knowledge(book: Rulebook) -> Knowledge:
    """Return what the rulebook says about the scripts; made once for the same content."""
    rules = [rule for rule in book.rules if rule.stage == "simplify" and rule.topic != IN_RUNS]
    forms = tuple(key for rule in rules for key in rule.map if len(key) == 1)
    return _knowledge(tuple(book.tables[name] for name in TABLES), forms)


@cache
def _knowledge(tables: tuple[tuple[str, ...], ...], forms: tuple[str, ...]) -> Knowledge:
    legitimate, name_forms, also, second, standards, protected, patterns, about = tables
    scripts = script.scripts(legitimate, (*name_forms, *forms), also, second)
    words: dict[str, tuple[str, ...]] = {}
    for word in protected:
        folded = scripts.fold(word)
        words[folded] = (*words.get(folded, ()), word)
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    certain = {ord(old): new for old, new in scripts.simplified.items() if scripts.kinds[ord(old)] == TRADITIONAL}
    return Knowledge(
        scripts=scripts,
        standards=dict(entry.split(" ", 1) for entry in standards),
        protected=regex.compile("|".join(map(regex.escape, longest_first)) or r"(?!)"),
        words=words,
        patterns=tuple(regex.compile(pattern) for pattern in patterns),
        about_characters=about,
        certain=certain,
    )


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the change of each character that is traditional by mistake, under the setting `script`."""
    proposal = Proposal()
    if options.script == "keep":
        return proposal
    known = knowledge(book)
    kinds = known.scripts.kinds[draft.codes]
    if not len(kinds) or (options.script != "traditional" and int(kinds.max()) < FIRST_TRIGGER):
        return proposal
    kinds = np.where(_foreign(draft, kinds, book.limits), np.uint8(script.NEUTRAL), kinds)
    traditional = int(np.count_nonzero(kinds == TRADITIONAL))
    simplified = int(np.count_nonzero(kinds == SIMPLIFIED))
    throughout = traditional > 0 and traditional >= book.limits["traditional-document"] * (traditional + simplified)
    rules = {rule.id: rule for rule in book.stage("simplify", options)}
    if options.script == "traditional":
        if ASKED in rules:
            reading = _read(draft, kinds, known.scripts, book.limits, throughout)
            _to_traditional(reading, rules[ASKED], proposal.edits)
    elif not throughout or options.script == "simplified":
        reading = _read(draft, kinds, known.scripts, book.limits, throughout)
        judge = Judge(known, rules, firing.program(book, "simplify", options), reading, _standard(reading, known))
        for start, line, candidates in _lines(reading):
            _propose(start, line, judge.choices(line, candidates), proposal.edits)
    return proposal


def _foreign(draft: Draft, kinds: NDArray[np.uint8], limits: Mapping[str, float]) -> NDArray[np.bool_]:
    """Tell for each character whether the piece of text between two marks that it stands in is Japanese or Korean."""
    kana = np.asarray(kinds == KANA)
    if not kana.any():
        return kana
    letters = kana | han()[draft.codes]
    if np.count_nonzero(kana) >= limits["kana-share"] * int(np.count_nonzero(letters)):
        return np.ones(len(kana), dtype=np.bool_)
    piece = np.cumsum(np.isin(draft.codes, [ord(mark) for mark in EDGES]))
    share = np.bincount(piece, weights=kana) / np.maximum(np.bincount(piece, weights=letters), 1)
    return np.asarray((share >= limits["kana-share"])[piece])


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text with its telling characters judged.

    `places`: where they stand, as far as they are near a trigger; `kinds`: their kinds; `log_odds`: of each, that it
    stands in traditional text; `in_run`: for every character of the text, whether it stands inside a traditional run.
    """

    text: str
    places: Positions
    kinds: NDArray[np.uint8]
    log_odds: NDArray[np.float64]
    in_run: NDArray[np.bool_]


def _read(
    draft: Draft, kinds: NDArray[np.uint8], scripts: Scripts, limits: Mapping[str, float], throughout: bool
) -> Reading:
    """Judge the telling characters of the lines that have a trigger, and of the lines around them."""
    codes = draft.codes
    line = np.cumsum(codes == ord("\n"))
    near = np.zeros(int(line[-1]) + 1, dtype=np.bool_)
    near[line[kinds >= FIRST_TRIGGER]] = True
    for _ in range(2):  # an empty line lies between two paragraphs
        near[1:] |= near[:-1].copy()
        near[:-1] |= near[1:].copy()
    places = np.flatnonzero((kinds != script.NEUTRAL) & (kinds != KANA) & near[line])
    here = kinds[places]
    if throughout or not len(places):
        log_odds = np.full(len(places), np.inf if throughout else -np.inf)
        return Reading(draft.text, places, here, log_odds, np.full(len(codes), throughout))
    between = scripts.breaks[codes[: int(places[-1]) or 1]]
    breaks = np.maximum.reduceat(between, np.concatenate([[0], places[:-1]]))
    log_odds = script.traditional_log_odds(here, breaks, limits)
    inside = log_odds > 0
    joined = inside[:-1] & inside[1:]
    steps = np.zeros(len(codes) + 1, dtype=np.int32)
    steps[places[:-1][joined]] += 1
    steps[places[1:][joined]] -= 1
    in_run = np.cumsum(steps[:-1]) > 0
    in_run[places] = inside
    return Reading(draft.text, places, here, log_odds, np.asarray(in_run))


def _standard(reading: Reading, known: Knowledge) -> str:
    """Return the OpenCC configuration for the standard that the traditional runs of a text follow."""
    seen = set(np.array(list(reading.text))[reading.in_run].tolist()) if reading.in_run.any() else set()
    counts = {name: len(seen & set(forms)) for name, forms in known.standards.items()}
    best = max(counts, key=lambda name: counts[name], default="")
    return best if best and counts[best] else TAIWAN


@dataclass(frozen=True, slots=True)
class Candidate:
    """A character that may change: its kind, and the log-odds that it stands in traditional text."""

    kind: int
    log_odds: float


def _lines(reading: Reading) -> Iterator[tuple[int, str, dict[int, Candidate]]]:
    """Yield each line that has characters to decide: its offset, its text, and those characters by place in it."""
    wanted = (reading.kinds >= FIRST_TRIGGER) | ((reading.kinds == DOUBTFUL) & (reading.log_odds > 0))
    columns = (reading.places[wanted].tolist(), reading.kinds[wanted].tolist(), reading.log_odds[wanted].tolist())
    text = reading.text
    start, end = 0, -1
    candidates: dict[int, Candidate] = {}
    for place, kind, log_odds in zip(*columns, strict=True):
        if place > end:
            if candidates:
                yield start, text[start:end], candidates
            start = text.rfind("\n", 0, place) + 1
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
            candidates = {}
        candidates[place - start] = Candidate(kind, log_odds)
    if candidates:
        yield start, text[start:end], candidates


def _propose(start: int, line: str, choices: Choices, edits: Proposals) -> None:
    """Propose the choices that change something; neighbours that one rule changes make one edit."""
    begin, new, rule, sure = 0, "", "", 0.0
    for place, (character, by, confidence) in sorted(choices.items()):
        if character == line[place]:
            continue
        if new and place == begin + len(new) and by == rule:
            new, sure = new + character, min(sure, confidence)
            continue
        if new:
            edits.add(start + begin, start + begin + len(new), new, rule, sure)
        begin, new, rule, sure = place, character, by, confidence
    if new:
        edits.add(start + begin, start + begin + len(new), new, rule, sure)


@dataclass(slots=True, eq=False)
class Judge:
    """Decides the characters of one text, line by line, by what is known and by the text's own spelling."""

    known: Knowledge
    rules: Mapping[str, Rule]
    program: firing.Program
    reading: Reading
    standard: str
    _spelling: dict[str, Counter[str]] = field(default_factory=dict)

    def choices(self, line: str, candidates: Mapping[int, Candidate]) -> Choices:
        """Decide every candidate: first the one with a right to its form, last the general conversion."""
        chosen: Choices = {}
        open_forms = {
            place
            for place, candidate in candidates.items()
            if candidate.kind != TRADITIONAL or line[place] in self.known.scripts.further
        }
        if open_forms:
            skeleton = line.translate(self.known.certain)
            self._protect(line, candidates, chosen)
            self._apply_rules(skeleton, candidates, chosen)
            self._recall(line, skeleton, open_forms - chosen.keys(), WINDOWS[:-1], chosen)
            self._keep_patterns(line, skeleton, candidates, chosen)
            self._recall(line, skeleton, open_forms - chosen.keys(), WINDOWS[-1:], chosen)
            converted = script.convert(line, self.standard) if open_forms - chosen.keys() else line
        else:
            converted = line
        if len(converted) != len(line):
            converted = line
        for place, candidate in candidates.items():
            if place not in chosen:
                self._convert(line, place, candidate, converted[place], chosen)
        return chosen

    def _choose(self, chosen: Choices, place: int, new: str, rule: str, log_odds: float = math.inf) -> None:
        if rule in self.rules:
            sure = self.rules[rule].confidence
            if log_odds < math.inf:
                sure = min(sure, 1 / (1 + math.exp(-log_odds)))
            chosen[place] = (new, rule, sure)

    def _protect(self, line: str, candidates: Mapping[int, Candidate], chosen: Choices) -> None:
        """Give the characters of protected words the form the table has."""
        folded = self.known.scripts.fold(line)
        for match in self.known.protected.finditer(folded):
            for word in self.known.words[match.group()]:
                places = range(match.start(), match.end())
                if all(
                    place not in candidates or self.known.scripts.may_become(line[place], form)
                    for place, form in zip(places, word, strict=True)
                ):
                    for place, form in zip(places, word, strict=True):
                        if place in candidates:
                            usual = self.known.certain.get(ord(line[place]))
                            in_run = candidates[place].log_odds > 0
                            rule = PROTECTED if form != usual else RUN if in_run else STRAY
                            self._choose(chosen, place, form, rule)
                    break

    def _apply_rules(self, skeleton: str, candidates: Mapping[int, Candidate], chosen: Choices) -> None:
        """Apply the rules with patterns to the candidates that are still open; the first one to fire has it."""
        for fired in firing.fire(self.program, Draft(skeleton)):
            rule = fired.rule
            if rule.id == PARTICLE_RULE and self.standard != TAIWAN:
                continue
            news = [fired.news] * len(fired.starts) if isinstance(fired.news, str) else fired.news
            for first, new in zip(fired.starts, news, strict=True):
                for place, form in enumerate(new, int(first)):
                    candidate = candidates.get(place)
                    if candidate is None or place in chosen or form == skeleton[place]:
                        continue
                    if rule.topic != IN_RUNS:
                        self._choose(chosen, place, form, rule.id)
                    elif candidate.log_odds > 0:
                        self._choose(chosen, place, form, rule.id, candidate.log_odds)

    def _keep_patterns(
        self, line: str, skeleton: str, candidates: Mapping[int, Candidate], chosen: Choices
    ) -> None:
        """Keep the characters of both scripts that a pattern of names covers."""
        for pattern in self.known.patterns:
            for match in pattern.finditer(skeleton):
                for place in range(match.start(), match.end()):
                    if place in candidates and candidates[place].kind == DOUBTFUL:
                        chosen.setdefault(place, (line[place], PROTECTED, 1.0))

    def _recall(self, line: str, skeleton: str, places: set[int], windows: Sequence[int], chosen: Choices) -> None:
        """Choose the form that the simplified part of the same document has in the same surroundings."""
        scripts = self.known.scripts
        for place in sorted(places):
            old = line[place]
            forms = [form for form in (scripts.simplified.get(old), old, *scripts.further.get(old, "")) if form]
            forms = [form for form in dict.fromkeys(forms) if scripts.may_become(old, form)]
            for width in windows:
                votes: Counter[str] = Counter()
                for form in forms:
                    seen = self._windows(form)
                    for first in range(max(place - width + 1, 0), place + 1):
                        window = skeleton[first:place] + form + skeleton[place + 1 : first + width]
                        if len(window) == width:
                            votes[form] += seen[window]
                known = [form for form in forms if votes[form]]
                if len(known) == 1:
                    self._choose(chosen, place, known[0], KNOWN)
                if known:
                    break

    def _windows(self, form: str) -> Counter[str]:
        """Count the surroundings of a character in the simplified part of the text; Han alone count."""
        if form not in self._spelling:
            text, in_run = self.reading.text, self.reading.in_run
            table = han()
            seen: Counter[str] = Counter()
            at = text.find(form)
            while at >= 0:
                if not in_run[at]:
                    for width in WINDOWS:
                        for first in range(max(at - width + 1, 0), at + 1):
                            window = text[first : first + width]
                            if len(window) == width and all(table[ord(character)] for character in window):
                                seen[window] += 1
                at = text.find(form, at + 1)
            self._spelling[form] = seen
        return self._spelling[form]

    def _convert(self, line: str, place: int, candidate: Candidate, converted: str, chosen: Choices) -> None:
        """Choose what OpenCC makes of a character, as far as it is one of the forms the character may stand for."""
        scripts, old = self.known.scripts, line[place]
        in_run = candidate.log_odds > 0
        if candidate.kind == TRADITIONAL:
            usual = scripts.simplified[old]
            new = converted if converted != old and scripts.may_become(old, converted) else usual
            if in_run:
                self._choose(chosen, place, new, RUN)
            elif not self._spoken_of(line, place):
                self._choose(chosen, place, new, STRAY)
        elif in_run and candidate.kind == NAME_FORM and old in scripts.simplified:
            self._choose(chosen, place, scripts.simplified[old], RUN, candidate.log_odds)
        elif in_run and old not in (PARTICLE, converted) and scripts.may_become(old, converted):
            self._choose(chosen, place, converted, AMBIGUOUS, candidate.log_odds)

    def _spoken_of(self, line: str, place: int) -> bool:
        """Tell whether a lone traditional character is mentioned, not used."""
        if any(word in line for word in self.known.about_characters):
            return True
        return MENTION.match(line, place) is not None


def _to_traditional(reading: Reading, rule: Rule, edits: Proposals) -> None:
    """Propose traditional forms for simplified text; what is traditional already stays."""
    converted = script.convert(reading.text, "s2t")
    if len(converted) != len(reading.text):
        return
    old = np.array(list(reading.text))
    new = np.array(list(converted))
    places = np.flatnonzero((old != new) & ~reading.in_run).tolist()
    _propose(0, reading.text, {place: (converted[place], rule.id, rule.confidence) for place in places}, edits)
