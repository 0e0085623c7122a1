"""What takes the place of a line end inside a paragraph: nothing, a space between words, or the end of a hyphen.

It is asked about line ends that are joined already and decides nothing about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import regex

from cleanup.document import Draft
from cleanup.layout.lines import Integers, Lines

JOIN_LINE = "join-line"
JOIN_WORDS = "join-words"
JOIN_HYPHENATED = "join-hyphenated"
JOIN_NAMES = "join-names"
RULES = (JOIN_LINE, JOIN_WORDS, JOIN_HYPHENATED, JOIN_NAMES)

WITHOUT_SPACES = 0x530  # the first code point of scripts that neither part words by spaces nor divide them by hyphens
ENOUGH = 5  # lines; fewer may be equally long by chance
NUMBER = 24  # characters; a longer number is not looked through
WORD = 40  # letters; a longer word is not looked up
SOFT_HYPHEN = "\xad"
FEWEST_IN_A_ROW = 3  # numbers before the line end
_ROW_BEFORE = re.compile(r"(?:\d{2,12} )+\d{2,12}$")
_ROW_AFTER = re.compile(r"\d{2,12}(?!\d)")
_HYPHENS = "-‐" + SOFT_HYPHEN
_MARKS = frozenset(",.;:!?)]\"'%")
_OPENERS = frozenset("([\"'")
_LETTER = r"[A-Za-z\u00c0-\u024f\u0370-\u052f]"
_WORDS = re.compile(rf"{_LETTER}+(?:[-‐]{_LETTER}+)*")
_SIGNED = regex.compile(r"[（(](?P<inner>[^（）()，。；]{0,40}?(?:记者|通讯员)[^（）()，。；]{0,80})[)）]")
# an author's line that breaks off after an office: 本报记者 何平 通讯员, whose name stands alone on the next line
_PARTED = regex.compile(
    r"^[ \u3000]*(?:[□■○◇◎●][ \u3000]*)?(?:"
    r"(?:本报|本刊|新华社)?(?:记者|通讯员)[\p{Han} \u3000]{1,24}[ \u3000](?:记者|通讯员)"
    r"|(?:本报|本刊|新华社)(?:记者|通讯员))"
    r"(?=[ \u3000]*\n\s*(?:(?:\p{Han}{2,3}|\p{Han}[ \u3000]\p{Han})(?:[ \u3000]+|$)){1,4}$)",
    regex.MULTILINE,
)
# the credit of a picture that breaks off before a name, or behind the last one
_CREDIT = regex.compile(
    r"(?:记者|通讯员)(?=[ \u3000]*\n\s*(?:\p{Han}{2,3}[ \u3000]+){1,4}摄(?:影报道)?$)"
    r"|[ \u3000。]\p{Han}{2,3}(?=[ \u3000]*\n\s*摄(?:影报道)?$)",
    regex.MULTILINE,
)
_OFFICE = ("记者", "通讯员")
_OFFICE_OF = ("报", "社", "台", "刊", "约", "习", "席", "体")  # 本报记者, 新华社记者, 特约记者 … are one word
_SPACED = regex.compile(r"(?:记者|通讯员)[ \u3000]\p{Han}")
_SOLID = regex.compile(r"(?:记者|通讯员)\p{Han}{2,4}[ \u3000）)]")
_NAME = regex.compile(r"\p{Han}{3}")  # two characters may be the beginning of a name
_NAMES = regex.compile(r"\p{Han}{2,3}(?!\p{Han})")
_CUT = re.compile(rf"{_LETTER}+[-‐]\s+{_LETTER}+")


def _latin(character: str) -> bool:
    """Tell whether this is a letter of a script that sets spaces between words: Latin, Greek or Cyrillic."""
    return ord(character) < WITHOUT_SPACES and character.isalpha()


def _digit(character: str) -> bool:
    return character.isascii() and character.isdigit()


def cut_inside_words(draft: Draft, lines: Lines, joined: Integers) -> bool:
    """Tell whether lines were cut at a fixed column or byte, wherever that was: all that go on are equally long.

    A character that does not fit leaves a column empty, or two bytes of UTF-8.
    """
    if len(joined) < ENOUGH:
        return False
    columns = lines.width[joined] + lines.indent[joined]
    if (columns >= columns.max() - 1).all():
        return True
    text, least, most = draft.text, 0, 0
    for start, end in zip(lines.starts[joined].tolist(), lines.ends[joined].tolist(), strict=True):
        line = text[text.rfind("\n", 0, start) + 1 : text.index("\n", end)]
        size = len(line.encode("utf-8", "surrogatepass"))
        least, most = min(least or size, size), max(most, size)
        if least < most - 2:
            return False
    return True


def between_names(text: str) -> Iterator[int]:
    """Yield each line end where a space belongs that parts the names of reporters: in a bracket, in a byline that
    breaks off before a name, or in the credit of a picture.

    >>> list(between_names("本报讯（记者 蓝霄 通讯员\\n余永 记者 伍\\n东河）今天"))
    [13]
    >>> list(between_names("□ 本报记者 何平 通讯员\\n陆敏\\n"))
    [13]
    >>> list(between_names("图为渡口。本报记者\\n范婷 摄\\n图为果园。何平 李明\\n摄"))
    [9, 25]
    """
    if "摄" in text:
        yield from (credit.end() for credit in _CREDIT.finditer(text))
    if any(f"{office}\n" in text or f"{office} \n" in text for office in _OFFICE):
        yield from (byline.end() for byline in _PARTED.finditer(text))
    spaced: bool | None = None  # whether the text sets 记者 王芳 rather than 记者王芳, where the bracket does not tell
    for bracket in _SIGNED.finditer(text):
        inner = bracket["inner"]
        if "\n" not in inner:
            continue
        parts = [part.strip() for part in inner.split("\n")]
        if not any(" " in part or "\u3000" in part for part in parts):
            if spaced is None:
                spaced = len(_SPACED.findall(text)) > len(_SOLID.findall(text))
            if not spaced:
                continue
        for cut in regex.finditer(r"\s*\n\s*", inner):
            left, right = inner[: cut.start()], inner[cut.end() :]
            last = regex.split(r"\s|记者|通讯员", left)[-1]
            if (
                left.endswith(_OFFICE)
                or (right.startswith(_OFFICE) and not left.endswith(_OFFICE_OF))
                or (_NAME.fullmatch(last) and _NAMES.match(right) and not right.startswith(_OFFICE))
            ):
                yield bracket.start("inner") + cut.start()


class Joints:
    """The joined line ends of one text.

    `prefixes` are words that keep a hyphen behind them (self-, well-); `cut`: its lines were cut inside words.
    """

    def __init__(self, text: str, prefixes: tuple[str, ...] = (), *, cut: bool = False) -> None:
        self.text = text
        self.prefixes = frozenset(prefixes)
        self.cut = cut

    def between(self, end: int, start: int) -> tuple[int, str, str]:
        """Return where the replaced stretch between two joined lines begins, what takes its place, and the rule's id.

        >>> Joints("疫情\\n防控").between(2, 3), Joints("old\\nage").between(3, 4)
        ((2, '', 'join-line'), (3, ' ', 'join-words'))
        >>> Joints("COVID-\\n19").between(6, 7), Joints("inter-\\nnet").between(6, 7)
        ((6, '', 'join-line'), (5, '', 'join-hyphenated'))
        """
        last, first = self.text[end - 1], self.text[start]
        if self.cut and self._one_space(end, start):
            return end, " ", JOIN_WORDS
        if last in _HYPHENS and end > 1 and _latin(self.text[end - 2]) and _latin(first):
            if last == SOFT_HYPHEN or (first.islower() and not self._keeps_hyphen(end, start)):
                return end - 1, "", JOIN_HYPHENATED
            return end, "", JOIN_LINE
        if self._parts_words(last, first, end, start):
            return end, " ", JOIN_WORDS
        return end, "", JOIN_LINE

    def _parts_words(self, last: str, first: str, end: int, start: int) -> bool:
        """Tell whether a space stood at the line end: between Latin words, and beside numbers and marks among them."""
        opens = first in _OPENERS and start + 1 < len(self.text) and self.text[start + 1].isalnum()
        if not (_latin(first) or _digit(first) or opens):
            return False
        if _latin(last):
            if self.cut and not opens:
                return False
            return not _digit(first) or self._writes_small(end)
        if _digit(last):
            return self._in_a_row(end, start) if _digit(first) else self._among_latin(end)
        return last in _MARKS and self._among_latin(end)

    def _one_space(self, end: int, start: int) -> bool:
        """Tell whether the cut fell beside a space of the text: one stands there, and more would be padding."""
        return self.text[end:start].replace("\n", "") in (" ", "\u3000")

    def _writes_small(self, end: int) -> bool:
        """Tell whether the word before is no abbreviation in capitals, which numbers cling to (G20)."""
        at = end
        while at and end - at < WORD and _latin(self.text[at - 1]):
            at -= 1
        return any(character.islower() for character in self.text[at:end])

    def _among_latin(self, end: int) -> bool:
        """Tell whether the number or mark before the line end stands behind a Latin word."""
        at = end
        while at and end - at < NUMBER and (self.text[at - 1] in _MARKS or self.text[at - 1] in "0123456789 "):
            at -= 1
        return at > 0 and _latin(self.text[at - 1])

    def _in_a_row(self, end: int, start: int) -> bool:
        """Tell whether whole numbers in a row, with a space between each two, go on over the line end: 76 and 64.

        All of them have as many digits as the two at the line end: none is cut there.
        """
        before, after = _ROW_BEFORE.search(self.text, max(0, end - WORD), end), _ROW_AFTER.match(self.text, start)
        if before is None or after is None:
            return False
        numbers = before[0].split()
        return len(numbers) >= FEWEST_IN_A_ROW and {len(number) for number in numbers[1:]} == {len(after[0])}

    def _keeps_hyphen(self, end: int, start: int) -> bool:
        """Tell whether the hyphen is the word's own, by how this document writes the word and its parts elsewhere."""
        left = _WORDS.search(self.text[max(0, end - 1 - WORD) : end - 1][::-1])
        right = _WORDS.match(self.text, start, start + WORD)
        if left is None or right is None:
            return True
        before, after = left[0][::-1].lower(), right[0].lower()
        if f"{before}-{after}" in self._written:
            return True
        if before + after in self._written:
            return False
        return before in self.prefixes or (before in self._written and after in self._written)

    @cached_property
    def _written(self) -> frozenset[str]:
        """The words of the document in small letters, those left out that a hyphen at a line end cuts."""
        whole = _CUT.sub(" ", self.text)
        return frozenset(word.lower().replace("‐", "-") for word in _WORDS.findall(whole))
