"""Traditional passages and stray traditional characters of a simplified document become simplified, on evidence.

Each place is judged by the run it stands in: characters of one script alone say which; those of both scripts follow the
run, the phrase, the tables of names, the document's own spelling and the language model. It changes one character for
one, never adds or drops any, and leaves alone a document that is traditional throughout unless asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup import firing
from cleanup.document import Draft
from cleanup.edits import Positions, Proposals
from cleanup.language import ngrams, script, spelling
from cleanup.language.characters import CODE_POINTS, han
from cleanup.language.script import COMMON, DOUBTFUL, FIRST_TRIGGER, KANA, NAME_FORM, SIMPLIFIED, TRADITIONAL, Scripts
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook

RUN, STRAY, AMBIGUOUS = "traditional-run", "stray-traditional-character", "ambiguous-in-traditional-run"
PROTECTED, KNOWN, MODEL = "protected-name", "name-known-from-the-document", "word-told-by-the-language-model"
ASKED = "simplified-to-traditional"
IN_RUNS = "words"  # rules of this topic hold inside traditional runs alone, all others anywhere
PARTICLE, TAIWAN = "著", "tw2s"  # where a standard writes 着, its 著 is never the particle
EDGES = "\n。！？；，、：…“”‘’「」『』《》〈〉（）()"  # between two of them stands a piece of one language
MENTION = regex.compile(r"(?<=[“‘「『\"'（(])\p{Han}(?=[”’」』\"'）)])")  # a character spoken of: “癆”


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What the rulebook says about the scripts, made ready."""

    scripts: Scripts
    standards: Mapping[str, str]
    words: spelling.Words
    patterns: tuple[regex.Pattern[str], ...]
    kept_in_traditional: tuple[regex.Pattern[str], ...]
    kept: frozenset[str]
    told_by_words: frozenset[str]
    about_characters: tuple[str, ...]
    certain: NDArray[np.uint32]  # of each code point, its simplified form where traditional text alone has it
    folded: NDArray[np.uint32]  # of each code point, the one form that stands for all its forms
    several: NDArray[np.bool_]  # whether a code point has more than one simplified form


@cache
def scripts_of(book: Rulebook) -> Scripts:
    """Return each character's place between the scripts, as the rulebook has it: all that most texts ask for."""
    tables = book.tables
    rules = [rule for rule in book.rules if rule.stage == "simplify"]
    anywhere = {key for rule in rules if rule.topic != IN_RUNS for key in rule.map if len(key) == 1}
    plain = set(script.single_forms("t2s").values())  # the patterns of runs see these, but they are no error
    in_runs = {key for rule in rules if rule.topic == IN_RUNS for key in rule.at} - plain
    return script.scripts(
        tuple(sorted(in_runs.union(tables["common-to-both"]) - set(tables["legitimate"]))),
        tables["legitimate"],
        tuple(sorted(anywhere.union(tables["name-forms"]))),
        tables["also-traditional"],
        tables["second-forms"],
    )


@cache
def knowledge(book: Rulebook) -> Knowledge:
    """Return what the rulebook says about the scripts; made once for each rulebook."""
    tables, scripts = book.tables, scripts_of(book)
    certain = np.arange(CODE_POINTS, dtype=np.uint32)
    for old, new in scripts.simplified.items():
        if scripts.kinds[ord(old)] == TRADITIONAL:
            certain[ord(old)] = ord(new)
    folded = np.arange(CODE_POINTS, dtype=np.uint32)
    for code, form in scripts.folding.items():
        folded[code] = ord(form)
    several = np.zeros(CODE_POINTS, dtype=np.bool_)
    several[[ord(character) for character in scripts.further]] = True
    return Knowledge(
        scripts=scripts,
        standards=dict(entry.split(" ", 1) for entry in tables["standards"]),
        words=spelling.words(scripts, tables["protected"]),
        patterns=_patterns(tables, "protected-patterns"),
        kept_in_traditional=_patterns(tables, "kept-in-traditional"),
        kept=frozenset(tables["kept-when-unsure"]),
        told_by_words=frozenset(tables["told-by-words"]),
        about_characters=tables["words-about-characters"],
        certain=certain,
        folded=folded,
        several=several,
    )


def _patterns(tables: Mapping[str, tuple[str, ...]], name: str) -> tuple[regex.Pattern[str], ...]:
    surnames = list(tables["surnames"])
    return tuple(regex.compile(p, regex.MULTILINE, ignore_unused=True, surnames=surnames) for p in tables[name])


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the change of each character that is traditional by mistake, under the setting `script`."""
    proposal = Proposal()
    if options.script == "keep":
        return proposal
    kinds = scripts_of(book).kinds[draft.codes]
    if not len(kinds) or (options.script != "traditional" and int(kinds.max()) < FIRST_TRIGGER):
        return proposal
    known = knowledge(book)
    kinds = np.where(_foreign(draft, kinds, book.limits), np.uint8(script.NEUTRAL), kinds)
    traditional = int(np.count_nonzero(kinds == TRADITIONAL))
    simplified = int(np.count_nonzero(kinds == SIMPLIFIED))
    throughout = traditional > 0 and traditional >= book.limits["traditional-document"] * (traditional + simplified)
    if options.script == "traditional":
        if book.runs(ASKED, options):
            reading = _read(draft, kinds, known.scripts, book.limits, throughout)
            _to_traditional(reading, known, book.by_id[ASKED].confidence, proposal.edits)
    elif not throughout or options.script == "simplified":
        reading = _read(draft, kinds, known.scripts, book.limits, throughout)
        _settle(Case(draft, reading, known, book, options), proposal.edits)
    return proposal


def _foreign(draft: Draft, kinds: NDArray[np.uint8], limits: Mapping[str, float]) -> NDArray[np.bool_]:
    """Tell for each character whether the piece of text between two marks that it stands in is Japanese or Korean."""
    kana = np.asarray(kinds == KANA)
    if not kana.any():
        return kana
    letters = kana | han()[draft.codes]
    if np.count_nonzero(kana) >= limits["kana-document"] * int(np.count_nonzero(letters)):
        return np.ones(len(kana), dtype=np.bool_)
    piece = np.cumsum(np.isin(draft.codes, [ord(mark) for mark in EDGES]))
    share = np.bincount(piece, weights=kana) / np.maximum(np.bincount(piece, weights=letters), 1)
    return np.asarray((share >= limits["kana-share"])[piece])


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text with its telling characters judged, as far as they are near a trigger.

    `places`: where they stand; `kinds`: their kinds; `log_odds`: of each, that it stands in traditional text.
    """

    text: str
    places: Positions
    kinds: NDArray[np.uint8]
    log_odds: NDArray[np.float64]
    throughout: bool

    def in_run(self) -> NDArray[np.bool_]:
        """Tell for every character of the text whether it stands inside a traditional run."""
        inside = self.log_odds > 0
        steps = np.zeros(len(self.text) + 1, dtype=np.int8)
        joined = inside[:-1] & inside[1:]
        steps[self.places[:-1][joined]] += 1
        steps[self.places[1:][joined]] -= 1
        runs = np.cumsum(steps[:-1], dtype=np.int8) > 0
        runs[self.places] = inside
        return np.asarray(runs | self.throughout)


def _read(
    draft: Draft, kinds: NDArray[np.uint8], scripts: Scripts, limits: Mapping[str, float], throughout: bool
) -> Reading:
    """Judge the telling characters of the lines that have a trigger, and of the lines around them."""
    codes = draft.codes
    places = np.flatnonzero((kinds != script.NEUTRAL) & (kinds != KANA))
    ends = np.flatnonzero(codes == ord("\n"))
    line = np.searchsorted(ends, places)
    near = np.zeros(len(ends) + 1, dtype=np.bool_)
    near[line[kinds[places] >= FIRST_TRIGGER]] = True
    for _ in range(2):  # an empty line lies between two paragraphs
        near[1:] |= near[:-1].copy()
        near[:-1] |= near[1:].copy()
    places = places[near[line]]
    here = kinds[places]
    if throughout or not len(places):
        return Reading(draft.text, places, here, np.full(len(places), np.inf), throughout)
    between = scripts.breaks[codes[: int(places[-1]) or 1]]
    breaks = np.maximum.reduceat(between, np.concatenate([[0], places[:-1]]))
    return Reading(draft.text, places, here, script.traditional_log_odds(here, breaks, limits), throughout)


@dataclass(slots=True, eq=False)
class Case:
    """One text to decide, and the forms chosen so far: by place, the form, the rule that chose it, and how sure."""

    draft: Draft
    reading: Reading
    known: Knowledge
    book: Rulebook
    options: Options
    chosen: dict[int, tuple[str, str, float]] = field(default_factory=dict)

    def choose(self, place: int, form: str, rule: str, log_odds: float = np.inf) -> None:
        """Choose a form for a place that has none yet; `log_odds` limit how sure the rule can be here."""
        if place not in self.chosen and self.book.runs(rule, self.options):
            sure = min(self.book.by_id[rule].confidence, float(1 / (1 + np.exp(-log_odds))))
            self.chosen[place] = (form, rule, sure)

    def keep(self, place: int) -> None:
        """Let the character of a place stand."""
        self.chosen.setdefault(place, (self.draft.text[place], PROTECTED, 1.0))


def _settle(case: Case, edits: Proposals) -> None:
    """Decide every place: those with one simplified form at once, the others by one witness after the other."""
    reading, known, codes = case.reading, case.known, case.draft.codes
    places, in_run = reading.places, reading.log_odds > 0
    single = (reading.kinds == TRADITIONAL) & ~known.several[codes[places]]
    several = ~single & ((reading.kinds >= FIRST_TRIGGER) | ((reading.kinds >= COMMON) & in_run))
    if several.any():
        _decide(case, dict(zip(places[several].tolist(), reading.log_odds[several].tolist(), strict=True)))
    traditional = np.concatenate([[False], reading.kinds == TRADITIONAL, [False]])
    alone = ~in_run | ~(traditional[:-2] | traditional[2:])
    kept = np.isin(places, _mentioned(case, places[single & alone]))
    for rule, which in ((RUN, places[single & in_run & ~kept]), (STRAY, places[single & ~in_run & ~kept])):
        if case.book.runs(rule, case.options):
            _propose(edits, which, known.certain[codes[which]], rule, case.book.by_id[rule].confidence)
    for place, (form, rule, sure) in case.chosen.items():
        edits.add(place, place + 1, form, rule, sure)


def _propose(edits: Proposals, places: Positions, new: NDArray[np.uint32], rule: str, confidence: float) -> None:
    """Propose a form for each of some places; those side by side make one edit."""
    if not len(places):
        return
    gaps = np.flatnonzero(np.diff(places) != 1) + 1
    first, last = np.concatenate([[0], gaps]), np.concatenate([gaps, [len(places)]])
    forms = new.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    news = [forms[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    edits.extend(places[first], places[last - 1] + 1, news, rule, confidence)


def _mentioned(case: Case, places: Positions) -> list[int]:
    """Return the lone traditional characters that are spoken of, not used: “癆”字, 繁体的發."""
    text = case.draft.text
    ends = np.flatnonzero(case.draft.codes == ord("\n"))
    words = regex.compile("|".join(map(regex.escape, case.known.about_characters)) or r"(?!)")
    lines = np.searchsorted(ends, [match.start() for match in words.finditer(text)])
    about = np.isin(np.searchsorted(ends, places), lines)
    return [
        place for place, told in zip(places.tolist(), about.tolist(), strict=True) if told or MENTION.match(text, place)
    ]


def _decide(case: Case, places: Mapping[int, float]) -> None:
    """Choose the forms of characters that may take several; `places` gives the log-odds of traditional text there."""
    text, known, codes = case.draft.text, case.known, case.draft.codes
    skeleton = _decoded(known.certain[codes])
    folded = known.folded[codes]
    for place, form in spelling.spelled(text, _decoded(folded), known.words, known.scripts, places):
        usual = known.scripts.simplified.get(text[place])
        case.choose(place, form, RUN if form == usual and places[place] > 0 else PROTECTED)
    _apply_rules(case, skeleton, places)
    in_run = case.reading.in_run()
    own = spelling.OwnSpelling(text, ~in_run)
    names = [place for place in places if text[place] not in known.told_by_words]
    _recall(case, own, skeleton, names, spelling.WINDOWS[:-1])
    for pattern in known.patterns:
        for match in pattern.finditer(skeleton):
            for place in range(*match.span()):
                if place in places and known.scripts.kinds[codes[place]] in (COMMON, DOUBTFUL):
                    case.keep(place)
    _recall(case, own, skeleton, names, spelling.WINDOWS[-1:])
    standard = _standard(codes[in_run], known.standards)
    if standard != TAIWAN:
        for place in places:
            if text[place] == PARTICLE:
                case.keep(place)
    _ask_model(case, folded, places)
    _convert(case, standard, places)


def _decoded(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _standard(codes: NDArray[np.uint32], standards: Mapping[str, str]) -> str:
    """Return the OpenCC configuration for the standard that traditional runs follow, given their code points."""
    counts = {
        name: int(np.count_nonzero(np.isin(codes, [ord(form) for form in forms]))) for name, forms in standards.items()
    }
    best = max(counts, key=lambda name: counts[name], default=TAIWAN)
    return best if counts.get(best) else TAIWAN


def _apply_rules(case: Case, skeleton: str, places: Mapping[int, float]) -> None:
    """Apply the rules with patterns to a text whose unambiguous characters are simplified; the first to fire has it."""
    for fired in firing.fire(firing.program(case.book, "simplify", case.options), Draft(skeleton)):
        news = [fired.news] * len(fired.starts) if isinstance(fired.news, str) else fired.news
        for start, new in zip(fired.starts, news, strict=True):
            for place, form in enumerate(new, int(start)):
                if place not in places or form == skeleton[place]:
                    continue
                if fired.rule.topic != IN_RUNS:
                    case.choose(place, form, fired.rule.id)
                elif places[place] > 0:
                    case.choose(place, form, fired.rule.id, places[place])


def _forms(case: Case, place: int) -> list[str]:
    """Return the simplified forms that the character of a place may stand for, the usual one first."""
    scripts, old = case.known.scripts, case.draft.text[place]
    forms = dict.fromkeys((scripts.simplified.get(old, ""), *scripts.further.get(old, ""), old))
    return [form for form in forms if form and scripts.may_become(old, form)]


def _recall(case: Case, own: spelling.OwnSpelling, skeleton: str, places: Sequence[int], widths: Sequence[int]) -> None:
    """Choose the forms that the simplified part of the same text has in the same surroundings."""
    if own.elsewhere.any():
        for place in places:
            if place not in case.chosen:
                form = own.form(skeleton, place, _forms(case, place), widths)
                if form is not None:
                    case.choose(place, form, KNOWN)


def _ask_model(case: Case, folded: NDArray[np.uint32], places: Mapping[int, float]) -> None:
    """Choose the form that the language model finds likelier by more than the margin, inside traditional runs."""
    asked, pairs = [], []
    for place, log_odds in places.items():
        forms = _forms(case, place)
        if place not in case.chosen and log_odds > 0 and len(forms) > 1:
            asked.append(place)
            pairs.append((forms[0], forms[1]))
    if not asked or not case.book.runs(MODEL, case.options):
        return
    told = spelling.model_log_odds(ngrams.load(case.options.model), folded, asked, pairs)
    for place, pair, log_odds in zip(asked, pairs, told.tolist(), strict=True):
        if abs(log_odds) >= case.book.limits["script-model-margin"]:
            sure = min(abs(log_odds), places[place])
            case.choose(place, pair[0] if log_odds > 0 else pair[1], MODEL, sure)


def _convert(case: Case, standard: str, places: Mapping[int, float]) -> None:
    """Choose what OpenCC makes of the characters still open, as far as it is a form that each may stand for."""
    text, known = case.draft.text, case.known
    left = [place for place in places if place not in case.chosen]
    converted = script.convert(text, standard) if left else text
    if len(converted) != len(text):
        converted = text
    for place in left:
        old, new = text[place], converted[place]
        kind, in_run = int(known.scripts.kinds[ord(old)]), places[place] > 0
        may = new != old and known.scripts.may_become(old, new)
        if kind == TRADITIONAL:
            case.choose(place, new if may else known.scripts.simplified[old], RUN if in_run else STRAY)
        elif in_run and kind == NAME_FORM and old in known.scripts.simplified:
            case.choose(place, known.scripts.simplified[old], RUN, places[place])
        elif in_run and may and old not in known.kept:
            case.choose(place, new, AMBIGUOUS, places[place])


def _to_traditional(reading: Reading, known: Knowledge, confidence: float, edits: Proposals) -> None:
    """Propose traditional forms for simplified text; what is traditional already stays, and so do names."""
    text = reading.text
    converted = script.convert(text, "s2t")
    if len(converted) != len(text):
        return
    stays = reading.in_run()
    for pattern in known.kept_in_traditional:
        for match in pattern.finditer(text):
            stays[match.start() : match.end()] = True
    old, new = Draft(text).codes, Draft(converted).codes
    places = np.flatnonzero((old != new) & ~stays)
    _propose(edits, places, new[places], ASKED, confidence)
