"""What a passage is by its form alone, and what it cannot be, whatever the learned weights say of it.

A headline that is none costs two articles: these are the forms of which that is known for sure. It looks at passages
and their order and weighs nothing.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import regex

from cleanup import rulebook
from cleanup.assembly.passages import Passages
from cleanup.assembly.role_witnesses import LONG, few_words, items
from cleanup.assembly.roles import LABEL
from cleanup.assembly.signed import signatures, taking_leave
from cleanup.bins import Reals
from cleanup.language.edges import RUNS_ON, SENTENCE
from cleanup.language.openings import OPENING, PARTS
from cleanup.language.series import in_series
from cleanup.language.table_rows import table_rows
from cleanup.layout.forms import (
    COUNTED,
    FEWEST_OF_A_LIST,
    NUMBER_ALONE,
    near_each_other,
    nothing_but_verse,
    runs_of,
)
from cleanup.layout.frame import day_of
from cleanup.markers import Marker

HEADLINE = ("kicker", "title", "subtitle", "heading")
STRAY = [LABEL[name] for name in (*HEADLINE, "byline", "credit", "furniture")]
BRACKETS = [LABEL[name] for name in ("kicker", "title", "heading")]  # the last line of a title may stand in brackets
NAME = [LABEL[name] for name in ("paragraph", "caption")]
SIGNATURE = [LABEL[name] for name in (*HEADLINE, "half", "caption", "furniture")]
FURNITURE = [LABEL["furniture"]]
BESIDE_HEADLINE = [LABEL[name] for name in ("kicker", "subtitle", "half", "byline", "caption", "credit")]
OVER_TEXT = [LABEL[name] for name in ("kicker", "title", "subtitle", "half")]
HEADS = [*OVER_TEXT, LABEL["heading"]]
ALL_BUT_TEXT = [number for name, number in LABEL.items() if name != "paragraph"]

BRACKETED = regex.compile(r"[（(][^（()）]{1,40}[）)]")
BOXED = regex.compile(r"【[^】]{2,12}】")
GREETING = regex.compile(
    r"(?:各|尊敬|敬爱|亲爱)[^：:]{1,14}[：:]|[^：:]{0,10}(?:编辑|同志|朋友|先生|女士|老师|乡亲)们?[：:]"
)
CALL = regex.compile(
    r"\p{Han}{0,6}(?:电话|手机|热线|传真|邮编)[:：]?[ 　]?[\d（）()\-—－、 　]{5,40}(?:[ 　]?\p{Han}{1,6})?"
)
FEWEST_LETTERS = 2
FEWEST_LIVES = FEWEST_YEARS = 2
MONTH = regex.compile("[月日]")
SHORTEST_NAME = 2  # characters
ROLL = regex.compile(r"\p{Han}{2,20}[：:](?:\p{Han}{1,4}[ 　、]+)*\p{Han}{2,4}")
FEWEST_OF_A_ROLL = 3
FIGURE = regex.compile(r"[+\-−－]?\d[\d.,，]*%?\p{Han}{0,3}")  # and what is counted
COLONS = ("：", ":")
NAMED_TABLE = regex.compile(r"[图表][ 　]?\d+(?:[.\-—–～·]\d+)*[:：]?[ 　]?\p{Han}")
SENTENCE_WHOLE = regex.compile(r"[^。，；]*[，；][^。]*。[”）]?")  # a full stop alone may be a speck
PAUSES, CLOSERS = "，；", "”）"
PART_OF_BOOK = regex.compile(
    r"(?:自|代|总|原)?序[一二三言]?|凡例|例言|[前引绪导]言|后记|编后记?|跋|编[纂辑写]说明|附录|概述"
    r"|(?:历代)?大事(?:记|年表|纪要?|志)"
)
STARRED = regex.compile(r"[*＊※](?![*＊※\s])")  # not the stars of Markdown
NEXT_BUT_ONE = 2  # the name of a reign may stand between
PERSON = regex.compile(r"(?:\p{Han}{2,3}|\p{Han} \p{Han}) (?=\p{Han}[^。]{0,12}[，、人])")  # and what is told of them
NUMERAL = regex.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,3}|[IVXⅠ-Ⅻ]{1,4})[）)、.．]?")
CHAPTER = regex.compile(rf"第[^{PARTS}]{{1,6}}([{PARTS}])")
MARKS = frozenset("。，；！？")  # a text without any is an old print, a list, headlines: no look tells what is what
FEWEST_LINES, MOST_MARKED = 8, 0.15  # a headline has fewer lines; verse of our day ends one line in ten with a mark
SECTIONS = [OPENING[name] for name in ("section", "section-alone", "numbered")]


@dataclass(frozen=True, slots=True)
class Forms:
    """The passages of forms that tell more than what a passage cannot be.

    Lines that sign a text, rows of tables, figures of a list, lines of a roll, entries for people, notes behind a star.
    """

    signatures: list[int]
    rows: list[int]
    figures: list[int]
    rolls: list[int]
    people: list[int]
    starred: list[int]


def find_forms(passages: Passages, markers: tuple[Marker, ...]) -> Forms:
    """Return the passages of each of these forms."""
    surnames = frozenset(rulebook.load().tables["surnames"])
    return Forms(
        signatures=signatures(passages, markers, surnames),
        rows=_rows_of_tables(passages, surnames),
        figures=_figures(passages),
        rolls=_rolls(passages, markers),
        people=_people(passages, surnames),
        starred=_starred(passages),
    )


def ruled_out(
    passages: Passages, markers: tuple[Marker, ...], forms: Forms, days: list[int]
) -> list[tuple[list[int], list[int]]]:
    """Return groups of passages, each with the labels that those cannot have; `days`: the dates of a diary."""
    parts = _parts_of_a_book(passages)
    return [
        (days, FURNITURE),
        (_words_alone(passages, markers), FURNITURE),
        (_strays(passages), STRAY),
        (_bracketed(passages), BRACKETS),
        (_named_above_its_items(passages), NAME),
        ([*forms.signatures, *forms.starred], SIGNATURE),
        ([*forms.rows, *forms.figures, *forms.rolls, *forms.people], ALL_BUT_TEXT),
        (parts, BESIDE_HEADLINE),
        ([row for row in parts if _over_text(passages, row)], NAME),
        (calls := [row for row, text in enumerate(passages.texts) if CALL.fullmatch(text)], HEADS),
        ([row + 1 for row in (*parts, *forms.signatures, *calls) if row + 1 < len(passages)], [LABEL["half"]]),
        (_authors(passages, markers), [LABEL["half"]]),
        (_named_under_headline(passages, markers), [LABEL["heading"]]),
        ([row for row, text in enumerate(passages.texts) if SENTENCE_WHOLE.fullmatch(text)], HEADS),
        ([row for row, text in enumerate(passages.texts) if row and NAMED_TABLE.match(text)], OVER_TEXT),
        (in_series(passages.texts), OVER_TEXT),
        (_sections_amid(passages), OVER_TEXT),
    ]


def no_headlines(passages: Passages, odds: Reals) -> Reals:
    """Return the probabilities without headlines and headings of several sentences.

    What is torn may look like one all the same, and links are sought before this is known.
    """
    odds = odds.copy()
    closed = (row for row, text in enumerate(passages.texts) if text.rstrip(CLOSERS).endswith("。"))
    rows = [row for row in closed if any(pause in passages.texts[row] for pause in PAUSES)]
    odds[np.ix_(rows, HEADS)] = 0.0
    odds[rows] /= np.maximum(odds[rows].sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return odds


def whole(passages: Passages, forms: Forms) -> list[int]:
    """Return the passages that neither break off nor go on, however their last and first words read."""
    told = (forms.signatures, forms.rows, forms.figures, forms.rolls, forms.people, forms.starred)
    others = (_numerals, _over_sections, _counted, taking_leave)
    return [*itertools.chain(*told), *(row for kind in others for row in kind(passages))]


def nothing_but_lines(passages: Passages, text: str) -> bool:
    """Tell whether a text has no mark, is verse, or of short lines hardly any of which ends with one: names, lists."""
    marked = SENTENCE[passages.ending] != RUNS_ON
    if MARKS.isdisjoint(text) or nothing_but_verse(passages.length, marked):
        return True
    if len(passages) < FEWEST_LINES or (passages.length > LONG).any():
        return False
    return bool(np.count_nonzero(marked) <= MOST_MARKED * len(passages))


def beyond_doubt(passages: Passages, markers: tuple[Marker, ...]) -> dict[int, int]:
    """Return the label of each passage whose form needs nothing around it to be what it says."""
    found: dict[int, int] = {}
    for row in np.flatnonzero(passages.marker >= 0).tolist():
        marker = markers[passages.marker[row]]
        if marker.alone is not None and marker.alone.search(passages.texts[row]):
            found[row] = LABEL[marker.role]
    found.update(dict.fromkeys(_over_greetings(passages), LABEL["title"]))
    found.update(dict.fromkeys(over_entries(passages), LABEL["heading"]))
    if len(passages) and BOXED.fullmatch(passages.texts[0]) and _short(passages, 1):
        found[0] = LABEL["kicker"]
    for row in [row for row, label in found.items() if label == LABEL["kicker"]]:
        if passages.form[row + 1 : row + 2].any() or not _short(passages, row + 1):
            continue
        found.setdefault(row + 1, LABEL["title"])  # a kicker whose form is sure stands over one
    if _opens_with_its_chapter(passages):
        found[0] = LABEL["title"]
    return found


def _short(passages: Passages, row: int) -> bool:
    """Tell whether there is such a passage, of few words that no mark closes."""
    return row < len(passages) and bool(passages.length[row] <= LONG and SENTENCE[passages.ending[row]] == RUNS_ON)


def _over_greetings(passages: Passages) -> list[int]:
    """Return the few words over each greeting where several letters stand on a page: what each letter is called."""
    rows = [row for row in np.flatnonzero(passages.form == OPENING["greeting"]).tolist() if row]
    rows = [row for row in rows if GREETING.fullmatch(passages.texts[row])]
    if len(rows) < FEWEST_LETTERS:
        return []
    short = few_words(passages) & (passages.form == 0)
    return [row - 1 for row in rows if short[row - 1] and not _answered(*passages.texts[row - 1 : row + 1])]


def _answered(above: str, greeting: str) -> bool:
    """Tell whether a line signs a letter that the next one answers: who is greeted has signed there."""
    return any(len(name) >= SHORTEST_NAME and name in greeting for name in above.split())


def _parts_of_a_book(passages: Passages) -> list[int]:
    """Return the names of parts that books have: 凡例, 大事记."""
    return [row for row, text in enumerate(passages.texts) if PART_OF_BOOK.fullmatch(text)]


def _named_under_headline(passages: Passages, markers: tuple[Marker, ...]) -> list[int]:
    """Return the name that stands alone between the lines that open a text and the text: who wrote it."""
    text = np.flatnonzero(~few_words(passages))
    row = int(text[0]) - 1 if len(text) else 0
    if row < 1 or passages.marker[row] < 0 or markers[passages.marker[row]].role != "byline":
        return []
    return [] if passages.texts[row + 1].startswith(passages.texts[row]) else [row]


def _authors(passages: Passages, markers: tuple[Marker, ...]) -> list[int]:
    """Return the names alone between a few words and a text: who wrote what those words head."""
    names = [row for row in np.flatnonzero(passages.marker[:-1] >= 0).tolist() if row]
    names = [row for row in names if markers[passages.marker[row]].role == "byline"]
    return [row for row in names if not _short(passages, row + 1)]


def _over_text(passages: Passages, row: int) -> bool:
    """Tell whether text or an item follows a passage: in a table of contents neither does."""
    return row + 1 < len(passages) and bool(passages.length[row + 1] > LONG or passages.form[row + 1])


def over_entries(passages: Passages) -> list[int]:
    """Return the names over lives and the years over what happened in them: they part no articles."""
    return [*_over_lives(passages), *_years(passages)]


def _years(passages: Passages) -> list[int]:
    """Return the years of a chronicle that stand each over what happened in it."""
    dates = np.flatnonzero(passages.form[:-1] == OPENING["date"]).tolist()
    years = [row for row in dates if not MONTH.search(passages.texts[row])]
    found = [row for row in years if passages.form[row + 1] != OPENING["date"]]
    return found if len(found) >= FEWEST_YEARS else []


def _over_lives(passages: Passages) -> list[int]:
    """Return the names that stand over the lives of several people, each of which begins with the name again."""
    rows = np.flatnonzero(passages.form[1:] == OPENING["life"]).tolist()
    names = {row: "".join(passages.texts[row].split()) for row in rows}
    found = [
        row for row, name in names.items() if name and passages.texts[row + 1].startswith((name + "（", name + "("))
    ]
    return found if len(found) >= FEWEST_LIVES else []


def _opens_with_its_chapter(passages: Passages) -> bool:
    """Tell whether the text begins with the name of a chapter, and no other chapter follows: it is the text's title."""
    alone = np.flatnonzero(passages.form == OPENING["section-alone"])
    if not len(alone) or alone[0]:
        return False
    unit = [CHAPTER.match(passages.texts[row]) for row in alone.tolist()]
    return unit[0] is not None and all(other is None or other[1] != unit[0][1] for other in unit[1:])


def diary_days(passages: Passages) -> list[int]:
    """Return the passages that are a date, where there are several: they head the days of a diary."""
    dated = {row: day for row, text in enumerate(passages.texts) for day in day_of(text)}
    return list(dated) if len(set(dated.values())) > 1 else []


def _words_alone(passages: Passages, markers: tuple[Marker, ...]) -> list[int]:
    """Return the passages that are words and nothing else, of no form that furniture has: a title may be short, too."""
    frame = {number for number, marker in enumerate(markers) if marker.role == "furniture"}
    words = (row for row, text in enumerate(passages.texts) if text.isalpha())
    return [row for row in words if passages.marker[row] not in frame]


def _strays(passages: Passages) -> list[int]:
    """Return the passages of a single character, the last of a line above as a rule; the first may be a title."""
    return [row for row, text in enumerate(passages.texts) if row and len(text) == 1 and text.isalpha()]


def _bracketed(passages: Passages) -> list[int]:
    """Return the passages that stand in one pair of brackets: of 717 such on held-out pages none opened a headline."""
    return [row for row, text in enumerate(passages.texts) if BRACKETED.fullmatch(text)]


def _named_above_its_items(passages: Passages) -> list[int]:
    """Return the first passage where a few words stand alone over a text of items: what would they be but its name."""
    if len(passages) < 2 or passages.form[0] or passages.length[0] > LONG:
        return []
    return [0] if items(passages.form)[1] and SENTENCE[passages.ending[0]] == RUNS_ON else []


def _rows_of_tables(passages: Passages, surnames: frozenset[str]) -> list[int]:
    """Return the passages that are rows of tables."""
    firsts = np.cumsum([0, *(len(text) + 1 for text in passages.texts)])
    rows = [first for first, _ in table_rows("\n".join(passages.texts), surnames)]
    return [int(row) for row in np.searchsorted(firsts, rows)]


def _sections_amid(passages: Passages) -> list[int]:
    """Return the heads of numbered parts on a page that begins amid the text of the part before: no title is there."""
    if not len(passages) or few_words(passages)[0]:
        return []
    return np.flatnonzero(np.isin(passages.form, SECTIONS) & (passages.length <= LONG)).tolist()


def _figures(passages: Passages) -> list[int]:
    """Return the figures that stand one under another, or below a colon: no page has as many numbers."""
    runs = runs_of((row for row, text in enumerate(passages.texts) if FIGURE.fullmatch(text)), 1)
    below = {row + 1 for row, text in enumerate(passages.texts) if text.endswith(COLONS)}
    return [row for run in runs if len(run) >= FEWEST_OF_A_LIST or run[0] in below for row in run]


def _rolls(passages: Passages, markers: tuple[Marker, ...]) -> list[int]:
    """Return the lines of a roll, a body and its people each: 城关镇：王艳 李晓婧."""
    frame = {number for number, marker in enumerate(markers) if marker.role == "furniture"}
    rows = [
        row for row, text in enumerate(passages.texts) if ROLL.fullmatch(text) and passages.marker[row] not in frame
    ]
    return rows if len(rows) >= FEWEST_OF_A_ROLL else []


def _starred(passages: Passages) -> list[int]:
    """Return the notes behind a star, to a title or a table."""
    return [row for row, text in enumerate(passages.texts) if STARRED.match(text)]


def _numerals(passages: Passages) -> list[int]:
    """Return the numbers that stand alone, over a part of a text or a stanza, in a list: they go on nowhere."""
    forms = (NUMERAL, NUMBER_ALONE)
    return [row for row, text in enumerate(passages.texts) if any(form.fullmatch(text) for form in forms)]


def _people(passages: Passages, surnames: frozenset[str]) -> list[int]:
    """Return the entries for people that stand one under another: a name, and what is told of them."""
    people = [row for row, text in enumerate(passages.texts) if text[:1] in surnames and PERSON.match(text)]
    return [row for run in near_each_other(people, NEXT_BUT_ONE) for row in run]


def _counted(passages: Passages) -> list[int]:
    """Return the items of a list that end in a bracket, and those that the next item follows behind one."""
    found: list[int] = []
    numbers = [int(item["n"]) if (item := COUNTED.match(text)) else -1 for text in passages.texts]
    for row, (number, following) in enumerate(itertools.pairwise(numbers)):
        if 0 < number == following - 1 and passages.texts[row].endswith(("）", ")")):
            found += [row, row + 1]
    return found


def _over_sections(passages: Passages) -> list[int]:
    """Return the few words that stand over a numbered section: they name what is divided so, and go on nowhere."""
    short = few_words(passages)
    return np.flatnonzero(short[:-1] & np.isin(passages.form[1:], SECTIONS)).tolist()
