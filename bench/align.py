"""Maps every character of the truth to the character of an output that stands for it, wherever blocks were moved.

White space plays no part. It judges nothing: bench/score.py counts what the map shows.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

SIZES = (24, 12, 8, 5, 3)  # lengths of exact pieces looked for, longest first
MOST_PLACES = 64  # repeats of one piece looked at; more are all alike


# forms of one character that damage swaps for each other: radicals and full-width marks against the plain ones
_FOLD = {c: unicodedata.normalize("NFKC", chr(c)) for c in (*range(0x2F00, 0x2FD6), *range(0xFF01, 0xFF5F))}
_FOLD |= dict(
    zip(
        map(ord, "⻓⻰⻢⻝⻘⻅⻛⻜⻩⻔⻄⻣⻥⻦⻋⻉⻚⻬⻮⻆⻨"),
        "长龙马食青见风飞黄门西骨鱼鸟车贝页齐齿角麦",
        strict=True,
    )
)


@dataclass(slots=True)
class _Ground:
    """Both texts and what has been placed so far; `starts` and `ends` are the limits of the block a character is in."""

    text: str
    output: str
    starts: list[int]
    ends: list[int]
    where: list[int]
    taken: list[bool]

    def place(self, g: int, o: int) -> None:
        self.where[g], self.taken[o] = o, True

    def beside(self, a: int, b: int, x: int, y: int) -> int:
        """How many ends of the piece a..x on b..y touch something placed in the same run."""
        before = a > 0 and self.where[a - 1] == b - 1
        return int(before) + int(x < len(self.text) and self.where[x] == y)

    def grow(self, g: int, o: int) -> tuple[int, int, int, int]:
        """The longest unplaced exact piece round a pair of equal characters, within one block: a, b, x, y."""
        text, output, where, taken = self.text, self.output, self.where, self.taken
        a, b, x, y = g, o, g, o
        while a > self.starts[g] and b and where[a - 1] < 0 and not taken[b - 1] and text[a - 1] == output[b - 1]:
            a, b = a - 1, b - 1
        while x < self.ends[g] and y < len(output) and where[x] < 0 and not taken[y] and text[x] == output[y]:
            x, y = x + 1, y + 1
        return a, b, x, y


def align(truth: Sequence[str], output: str) -> list[int]:
    """For each character of the joined truth blocks, its index in `output`, or -1; one to one.

    Exact pieces are placed longest first and grow in both directions inside their block; what lies between two
    placed neighbours is matched by edit distance, so misread characters map to what replaced them. Forms of one
    character (a radical, a full-width mark) count as equal here; whether they are right is for the score to say.

    >>> align(["甲乙丙戊己庚辛", "子丑寅卯"], "子丑寅卯甲乙丙X己庚辛")
    [4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3]
    """
    truth = [block.translate(_FOLD) for block in truth]
    text, output = "".join(truth), output.translate(_FOLD)
    starts: list[int] = []
    ends: list[int] = []
    for block in truth:
        at = len(starts)
        starts += [at] * len(block)
        ends += [at + len(block)] * len(block)
    ground = _Ground(text, output, starts, ends, [-1] * len(text), [False] * len(output))
    for size in SIZES:
        _place_exact(ground, size)
    _fill_gaps(ground)
    _place_short(ground)
    return ground.where


def _place_exact(ground: _Ground, size: int) -> None:
    """Pieces of at least `size` characters; of several places the longest, then the one next to a placed neighbour."""
    text, output, where, taken = ground.text, ground.output, ground.where, ground.taken
    index: dict[str, list[int]] = defaultdict(list)
    for o in range(len(output) - size + 1):
        if not taken[o]:
            index[output[o : o + size]].append(o)
    found: list[tuple[int, int, int, int]] = []
    g = 0
    while g + size <= len(text):
        if where[g] >= 0 or g + size > ground.ends[g]:
            g += 1
            continue
        best: tuple[int, int, int, int] | None = None
        for o in index.get(text[g : g + size], ())[:MOST_PLACES]:
            a, b, x, y = ground.grow(g, o)
            beside = ground.beside(a, b, x, y)
            if x - a >= size and (best is None or (x - a, beside) > best[:2]):
                best = (x - a, beside, a, b)
        if best:
            found.append(best)
        g = best[2] + best[0] if best else g + 1
    for length, _, a, b in sorted(found, key=lambda f: (-f[0], -f[1], f[2])):
        for k in range(length):
            if where[a + k] < 0 and not taken[b + k]:
                ground.place(a + k, b + k)


def _fill_gaps(ground: _Ground) -> None:
    """What lies between placed neighbours of one block, by edit distance."""
    where, taken, starts, ends = ground.where, ground.taken, ground.starts, ground.ends
    i = 0
    while i < len(where):
        j = i
        while j < len(where) and where[j] < 0:
            j += 1
        if j == i:
            i += 1
            continue
        room = 2 * (j - i) + 4
        low = where[i - 1] + 1 if i > starts[i] else len(taken)
        high = where[j] if j < ends[j - 1] else 0
        free = _run(taken, low, 1, room)
        closed = bool(free) and low < high and len(free) == high - low
        last = free[-1] if free else -1
        free += [o for o in _run(taken, high - 1, -1, room)[::-1] if o > last or o < low]
        steps = Levenshtein.opcodes(ground.text[i:j], "".join(ground.output[o] for o in free))
        same = sum(s.src_end - s.src_start for s in steps if s.tag == "equal")
        for s in steps if closed or same * 3 >= j - i else ():
            if s.tag in ("equal", "replace"):
                for k in range(min(s.src_end - s.src_start, s.dest_end - s.dest_start)):
                    ground.place(i + s.src_start + k, free[s.dest_start + k])
        i = j


def _run(taken: Sequence[bool], start: int, step: int, most: int) -> list[int]:
    """Untaken places from `start` on, at most `most`."""
    out: list[int] = []
    while 0 <= start < len(taken) and not taken[start] and len(out) < most:
        out.append(start)
        start += step
    return out


def _place_short(ground: _Ground) -> None:
    """Short leftovers, such as a last line of one or two characters, where they stand free; best in a gap they fill."""
    text, output, taken = ground.text, ground.output, ground.taken
    left: list[tuple[int, int]] = []
    i = 0
    while i < len(text):
        j = i
        while j < len(text) and ground.where[j] < 0 and (j == i or ground.starts[j] == ground.starts[i]):
            j += 1
        if j > i:
            left.append((i, j))
        i = max(j, i + 1)
    for i, j in sorted(left, key=lambda run: run[0] - run[1]):
        best: tuple[bool, int] | None = None
        o = output.find(text[i:j])
        while o >= 0:
            if not any(taken[o : o + j - i]):
                fills = (o == 0 or taken[o - 1]) and (o + j - i == len(taken) or taken[o + j - i])
                best = max(best or (False, -1), (fills, o))
            o = output.find(text[i:j], o + 1)
        if best:
            for k in range(j - i):
                ground.place(i + k, best[1] + k)
