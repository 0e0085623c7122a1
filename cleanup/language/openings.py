"""Forms by which gazetteers, yearbooks and letters open an item: a date, a name, a number of a note, a section.

Prose breaks its paragraphs where a thought ends, these books where an item does, and an item tells by its first
characters that it begins. A line may open so by chance, too; how far a form is to be trusted others learn. Only lines
whose first characters could be such a form are read at all.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.language.characters import han, members

Codes = NDArray[np.uint32]
Integers = NDArray[np.int64]

# dated: an entry behind its date, apart where a space stands between; date: a date alone on its line; note: of a
# footnote; entry: its name in brackets; life: a name with the years of a life; section: 第一节 … and its like, alone
# where no sentence follows; number: nothing but （一） or 一、; numbered: the same before a few words that no mark
# closes; named: a word, a space and what is told of it; label: a word, a colon and what is said; greeting: a short line
# that a colon ends
OPENINGS = (
    "none", "dated", "dated-apart", "date", "note", "entry", "life", "section", "section-alone", "number", "numbered",
    "named", "label", "greeting",
)  # fmt: skip
OPENING = {name: number for number, name in enumerate(OPENINGS)}

REACH = 40  # characters that are read of a line; no form is longer
LONGEST_GREETING = 20  # characters
WORD = 8  # characters of the longest word before a space or a colon
TOLD = 10  # characters that are told, at least, of a word before a space
LIFE = (2, 4)  # characters of a name

_NUMBER = r"(?:\d{1,2}[ ]?|[一二三四五六七八九十]{1,3}|元)"
_WESTERN = r"[（(][ ]?(?:公元)?前?\d{1,4}[ ]?年?[）)]"
_REIGN = r"[（(][\u4e00-\u9fff]{2,10}[元一二三四五六七八九十]年[）)]"
_YEAR = (
    rf"(?:(?:公元)?前?\d{{1,4}}[ ]?年代?|[〇○零一二三四五六七八九]{{2,4}}年|民国[ ]?{_NUMBER}年|[是同本当翌次]年)"
    rf"(?:{_WESTERN}|{_REIGN})?+|[\u4e00-\u9fff]{{2,7}}?[ ]?{_NUMBER}年{_WESTERN}"
)
_DAY = r"(?:\d{1,2}[ ]?日|[一二三四五六七八九十]{1,3}日|初|底|末|[上中下]旬)"
_SEASON = r"[是同本当]月|[春夏秋冬](?:季|天)?+(?=[ 　，])|年[初底末中]"
_MONTH = rf"(?:(?:\d{{1,2}}[ ]?|[一二三四五六七八九十正腊冬]{{1,2}})月(?:[ ]?{_DAY})?+|{_SEASON})"
_ONE = rf"(?:{_MONTH}|(?:{_YEAR})(?:[ 　]?{_MONTH})?+)"
_DATE = regex.compile(rf"{_ONE}(?:[ 　]?[至到—～~\-][ 　]?(?:{_ONE}|{_DAY}))?+")
PARTS = "章节節编編篇卷回"  # of a book, in either script
_SECTION = rf"第[一二三四五六七八九十百零〇\d]{{1,4}}[{PARTS}]"
_COUNT = r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])"
_DECIMAL = r"\d{1,2}(?:(?:[.．]\d{1,2}){1,3}[ 　]?|[ 　])(?=[\u4e00-\u9fff])(?![年月日号时元万亿])"  # 1.2 编制依据
_FORM = regex.compile(
    r"(?P<note>[①-⑳]|[\[〔［]\d{1,3}[\]〕］]|[（(]\d{1,2}[）)])"
    r"|(?P<entry>【[^】]{1,20}】|[［〔\[][\u4e00-\u9fff]{2,8}[］〕\]])"
    rf"|(?P<section>{_SECTION}(?:[ 　]|[\u4e00-\u9fff]|$))"
    rf"|(?P<number>{_COUNT}$)"
    rf"|(?P<numbered>(?:{_COUNT}|{_DECIMAL})[^。！？；，：]{{2,20}}$)"
    r"|(?P<label>(?:Abstract|Key[ ]?words?|DOI)[ ]?[:：])"
    r"|(?P<life>[\u4e00-\u9fff]{2,4}[（(][ ]?[？?约]?\d{3,4}[ ]?[年—–～~\-])"
)
_AFTER_DATE = regex.compile(r"[，：:\p{Han}“《]")
_CLOSED = regex.compile(r"[。！？；，]")
_SPACES = " \u3000"
_FIRST = "0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳[〔［（(【第春夏秋冬AKD"
_COUNTED = "0123456789一二三四五六七八九十〇○零元是同本当翌次正腊冬 "  # what stands before 年 and 月 in a date
_TELLING = "年月、（("
_FAR = 6  # characters before 年 or 月 in a date
_FARTHEST = 12  # before 年 where the western year follows in brackets
_COUNT_ENDS = 4  # characters up to the 、 of 一、


@cache
def _table(characters: str) -> NDArray[np.bool_]:
    return members(characters)


def openings(codes: Codes, starts: Integers, ends: Integers) -> Integers:
    """Return how each stretch [start, end) of a text opens, as indices into OPENINGS; stretches ascend, none is empty.

    >>> lines = ["1954年", "5月至8月 阴雨连绵，", "李成翰（1867—1931），", "第二节 气候", "伯明兄：", "他说"]
    >>> ends = np.cumsum([len(line) for line in lines])
    >>> codes = np.array([ord(c) for c in "".join(lines)], dtype=np.uint32)
    >>> [OPENINGS[form] for form in openings(codes, np.append(0, ends[:-1]), ends)]
    ['date', 'dated-apart', 'life', 'section-alone', 'greeting', 'none']
    """
    found = np.zeros(len(starts), dtype=np.int64)
    _led(codes, starts, ends, found)
    last = codes.take(ends - 1)
    found[((last == 0xFF1A) | (last == 0x3A)) & (ends - starts <= LONGEST_GREETING)] = OPENING["greeting"]
    for row in _likely(codes, starts, ends).tolist():
        start, end = int(starts[row]), int(ends[row])
        text = codes[start : min(end, start + REACH)].tobytes().decode("utf-32-le", "replace")
        found[row] = _form(text, whole=end - start <= REACH) or found[row]
    return found


def _likely(codes: Codes, starts: Integers, ends: Integers) -> Integers:
    """Return the stretches that may open with a date, a name and years, or a form told by a mark."""
    likely = _table(_FIRST).take(codes.take(starts))
    marks = _table(_TELLING).take(codes).nonzero()[0]
    if len(marks):
        rows = np.maximum(starts.searchsorted(marks, side="right") - 1, 0)
        offset = marks - starts.take(rows)
        near = (offset >= 0) & (offset <= _FARTHEST) & (marks < ends.take(rows))
        rows, marks, offset = rows[near], marks[near], offset[near]
        mark, after = codes.take(marks), codes.take(np.minimum(marks + 1, len(codes) - 1))
        bracket, comma = (mark == 0xFF08) | (mark == 0x28), mark == 0x3001
        counted = (offset == 0) | _table(_COUNTED).take(codes.take(np.maximum(marks - 1, 0)))
        close = np.where(comma, offset < _COUNT_ENDS, (offset <= _FAR) | (after == 0xFF08) | (after == 0x28))
        life = bracket & (offset >= LIFE[0]) & (offset <= LIFE[1])
        likely[rows[life | ~bracket & counted & close]] = True
    return likely.nonzero()[0]


def _form(text: str, *, whole: bool) -> int:
    """Return how a text opens that may be a date or one of the forms told by a mark; `whole`: nothing follows it."""
    form = _FORM.match(text)
    if form:
        name = str(form.lastgroup)
        if name in ("number", "numbered") and not whole:
            return 0
        return OPENING["section-alone" if name == "section" and whole and not _CLOSED.search(text) else name]
    date = _DATE.match(text)
    if not date:
        return 0
    after = text[date.end() : date.end() + 1]
    if not after:
        return OPENING["date"] if whole else 0
    if after in _SPACES:
        return OPENING["dated-apart"]
    return OPENING["dated"] if _AFTER_DATE.match(after) else 0


def _led(codes: Codes, starts: Integers, ends: Integers, found: Integers) -> None:
    """Mark the stretches that open with a word of Han characters before a space and more of them, or before a colon."""
    known = han()
    space, colon = (codes == 0x20) | (codes == 0x3000), (codes == 0xFF1A) | (codes == 0x3A)
    signs = (space | colon).nonzero()[0]
    signs = signs[(signs > 0) & (signs + 1 < len(codes))]
    after = known.take(codes.take(signs + 1))
    signs = signs[known.take(codes.take(signs - 1)) & (after | colon.take(signs))]
    rows = np.maximum(starts.searchsorted(signs, side="right") - 1, 0)
    offset = signs - starts.take(rows)
    inside = (offset >= 1) & (offset <= WORD) & (signs + 1 < ends.take(rows))
    if not inside.any():
        return
    rows, signs, offset = rows[inside], signs[inside], offset[inside]
    steps = np.arange(1, WORD + 1)
    word = (known.take(codes.take(np.maximum(signs[:, None] - steps, 0))) | (steps > offset[:, None])).all(axis=1)
    label = colon.take(signs)
    told = ends.take(rows) - signs > TOLD  # the other half of a heading is as short as the first
    found[rows[word & ~label & (offset > 1) & told]] = OPENING["named"]
    found[rows[word & label]] = OPENING["label"]
