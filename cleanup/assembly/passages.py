"""The passages of a text: what stands on its lines once paragraphs are whole, and what each looks like.

It describes; it never decides. Spans are code-point offsets into the text the separate stage saw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.characters import han
from cleanup.language.edges import ENDS, SENTENCE, STARTS, end_kinds, start_kinds
from cleanup.language.folding import folding
from cleanup.language.ngrams import Ids, NGrams
from cleanup.language.openings import OPENING, openings
from cleanup.layout.forms import Tables, kept_lines, table_lines
from cleanup.layout.lines import Integers, blank, has_clean_form, measure_lines
from cleanup.markers import Marker

DEPTH = 3  # characters looked at on either side of a gap; the model's order less one
HINTS = ("none", "kicker", "title", "subtitle", "byline", "heading", "paragraph", "caption", "credit", "furniture")
# datelines, and the articles of a law
NO_HEADING = r"据?(?:本报|新华社|中新社|中央社)|第[一二三四五六七八九十百千零〇\d]+[编編章节節条條款]"
# a heading that ended up on the line of the paragraph it opens: short, without marks but quotes, then a space
RUN_IN = regex.compile(rf"(?!{NO_HEADING})(?P<head>[\p{{Han}}“”‘’《》\d]{{5,18}})[ \u3000]+(?=[^\s]{{12}})")
# a title and the subtitle behind it on one line: both short, no mark between them but the dash
DASHED = regex.compile(r"(?P<head>[^—。，；！？\n]{4,30}?)[ \u3000]*(?=——[^—。；！？\n]{4,40}$)", regex.MULTILINE)
SHORTEST_HEADED = 40  # characters of a line with heading and paragraph
LONGEST_DASHED = 80  # characters of a title and its subtitle
HEADING_MARK = regex.compile(r"(#{1,6})[ \t\u3000]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Passages:
    """One row a passage. `starts` and `ends` leave out white space and Markdown heading marks.

    `level`: of the Markdown heading, 0 for none. `gap`: empty lines before. `length`: characters that are not white
    space. `marker`: index of the marker that fits, -1 for none, and `hint` the role it speaks for, an index into HINTS.
    `codes`: all those characters, folded, `ids` the model's ids of them, `is_han` which of them are Han, and `first`,
    `last` where each passage begins and ends in them. `outer`: where the passage begins with its heading mark.
    `run_in`: it stands on one line with the passage after it, and may head it. `dashed`: the passage after it stands
    behind a dash on its line, and may be its subtitle. `ending` and `opening`: how it ends and begins, indices into
    ENDS and STARTS (language/edges.py). `form`: how it opens as an item, an index into OPENINGS. `fixed`: it is a line
    of verse or of code, which neither breaks off nor goes on. `clean_form`: the lines stand as those of a clean file
    do, and none of them was joined on the way here.
    """

    texts: tuple[str, ...]
    starts: Integers
    ends: Integers
    level: Integers
    gap: Integers
    length: Integers
    marker: Integers
    hint: Integers
    codes: NDArray[np.uint32]
    ids: Ids
    is_han: NDArray[np.bool_]
    first: Integers
    last: Integers
    outer: Integers
    run_in: NDArray[np.bool_]
    dashed: NDArray[np.bool_]
    ending: Integers
    opening: Integers
    form: Integers
    fixed: NDArray[np.bool_]
    clean_form: bool

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def closed(self) -> NDArray[np.bool_]:
        """Which passages end with a closed sentence."""
        return np.asarray(SENTENCE[self.ending] == 0)


def find_passages(draft: Draft, markers: tuple[Marker, ...], model: NGrams, tables: Tables) -> Passages:
    """Return the passages of a draft, one for each line that holds more than white space.

    `tables`: those of the rules, which name the forms of verse.
    """
    text = draft.text
    lines = measure_lines(draft)
    usual = int(np.median(lines.gap[1:])) if len(lines) > 1 else 0
    rows: list[tuple[int, int, int, int, int, bool, bool]] = []  # outer start, start, end, level, gap, run in, dashed
    forms = openings(draft.codes, lines.starts, lines.ends) if len(lines) else lines.starts
    columns_of = (lines.starts.tolist(), lines.ends.tolist(), lines.gap.tolist(), forms.tolist())
    for start, end, gap, form in zip(*columns_of, strict=True):
        mark = HEADING_MARK.match(text, start, end) if text[start] == "#" else None
        inner, level = (mark.end(), len(mark.group(1))) if mark else (start, 0)
        headed = not mark and form != OPENING["dated-apart"] and end - inner > SHORTEST_HEADED
        head = RUN_IN.match(text, inner, end) if headed else None
        dashed = DASHED.match(text, inner, end) if not head and end - inner < LONGEST_DASHED else None
        if two := head or dashed:
            rows.append((start, inner, two.end("head"), level, gap, head is not None, dashed is not None))
            rows.append((two.end(), two.end(), end, 0, usual, False, False))
        else:
            rows.append((start, inner, end, level, gap, False, False))
    columns = list(zip(*rows, strict=True)) or [()] * 7
    outer, starts, ends, levels, gaps = (np.array(column, dtype=np.int64) for column in columns[:5])
    run_in, dashed_here = (np.array(column, dtype=np.bool_) for column in columns[5:])
    texts = tuple(text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True))
    solid = np.flatnonzero(~blank()[draft.codes])
    ids = model.encode(draft.codes[solid])
    first = np.searchsorted(solid, starts)
    last = np.searchsorted(solid, ends)
    marker = np.array([_marker(passage, markers) for passage in texts], dtype=np.int64)
    roles = np.array([HINTS.index(marker.role) for marker in markers] + [0], dtype=np.int64)
    return Passages(
        texts=texts,
        starts=starts,
        ends=ends,
        level=levels,
        gap=gaps,
        length=last - first,
        marker=marker,
        hint=roles[marker],
        codes=folding()[draft.codes[solid]],
        ids=ids,
        is_han=han()[draft.codes[solid]],
        first=first,
        last=last,
        outer=outer,
        run_in=run_in,
        dashed=dashed_here,
        ending=end_kinds(draft.codes, starts, ends),
        opening=start_kinds(draft.codes, starts, ends),
        form=openings(draft.codes, starts, ends) if len(starts) else starts,
        fixed=np.isin(ends, lines.ends[[*kept_lines(draft, lines, tables), *table_lines(draft, lines, tables)]]),
        clean_form=not draft.wrapped and has_clean_form(draft, lines),
    )


LONGEST_MARKED = 200  # characters; no marker speaks of longer passages, datelines aside


def _marker(passage: str, markers: tuple[Marker, ...]) -> int:
    head = passage[:LONGEST_MARKED] if passage.startswith(DATELINE_STARTS) else passage
    if len(head) > LONGEST_MARKED:
        return -1
    for number, marker in enumerate(markers):
        if marker.find.fullmatch(head):
            return number
    return -1


DATELINE_STARTS = ("本报", "新华社", "据新华社", "中新社")


def before_numbers(draft: Draft, passages: Passages) -> NDArray[np.bool_]:
    """Tell which passages end in a number that the next one does not go on with, though it begins with one.

    Where lines were joined on the way here, a number that goes on was joined, too.
    """
    digit = passages.ending == ENDS.index("digit")
    digit[:-1] &= passages.opening[1:] == STARTS.index("digit")
    return digit if draft.wrapped else np.zeros_like(digit)


def edge_ids(passages: Passages, model: NGrams) -> tuple[Ids, Ids]:
    """Return the first and the last DEPTH ids of each passage, shapes (n, DEPTH); PAD where it is shorter."""
    padded = np.append(passages.ids, np.array([model.PAD], dtype=passages.ids.dtype))
    none = len(padded) - 1
    steps = np.arange(DEPTH)
    heads = passages.first[:, None] + steps
    tails = passages.last[:, None] - DEPTH + steps
    heads = np.where(heads < passages.last[:, None], heads, none)
    tails = np.where(tails >= passages.first[:, None], tails, none)
    return padded[heads], padded[tails]


def vocabulary(passages: Passages, model: NGrams) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """Return the rare pairs of characters of each passage as (passage, pair number, weight), one row per distinct pair.

    The weight is the pair's surprise under the language model, damped by the share of passages that have it: what
    stands in every article of a page tells none apart (K. Spärck Jones, A statistical interpretation of term
    specificity, 1972).
    """
    ids = passages.ids.astype(np.int64)
    if len(ids) < 2:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    owner = np.searchsorted(passages.last, np.arange(len(ids)), side="right")
    pair = ids[:-1] * (int(ids.max()) + 1) + ids[1:]
    inside = (owner[:-1] == owner[1:]) & passages.is_han[:-1] & passages.is_han[1:]
    pair, owner = pair[inside], owner[:-1][inside]
    left, right = ids[:-1][inside], ids[1:][inside]
    if not len(pair):
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    distinct, position, number = np.unique(pair, return_index=True, return_inverse=True)
    rows = np.unique(owner * len(distinct) + number)
    owner, number = rows // len(distinct), rows % len(distinct)
    shared = np.bincount(number, minlength=len(distinct))
    pairs = np.stack([left[position], right[position]], axis=1).astype(passages.ids.dtype)
    surprise = -model.bigram_log_prob(pairs) - model.unigram_log_prob(pairs[:, 0])
    weight = np.maximum(surprise - COMMON, 0.0) * np.log((len(passages) + 1) / shared)
    return owner, number, weight[number]


COMMON = 9.0  # nats; pairs likelier than e^-9 (one in 8,000 characters) are grammar, not matter
