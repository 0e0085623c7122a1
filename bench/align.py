"""Maps every character of the truth to the character of an output that stands for it, wherever blocks were moved.

White space plays no part. It judges nothing: bench/score.py counts what the map shows.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

SIZES = (24, 12, 8, 5, 3)  # lengths of exact pieces looked for, longest first


# forms of one character that damage swaps for each other: radicals and full-width marks against the plain ones
_FOLD = {c: unicodedata.normalize("NFKC", chr(c)) for c in (*range(0x2F00, 0x2FD6), *range(0xFF01, 0xFF5F))}
_FOLD |= dict(
    zip(
        map(ord, "⻓⻰⻢⻝⻘⻅⻛⻜⻩⻔⻄⻣⻥⻦⻋⻉⻚⻬⻮⻆⻨"),
        "长龙马食青见风飞黄门西骨鱼鸟车贝页齐齿角麦",
        strict=True,
    )
)


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
    ends: list[int] = []
    for block in truth:
        ends += [len(ends) + len(block)] * len(block)
    starts = [0] * len(text)
    for i in range(1, len(text)):
        starts[i] = starts[i - 1] if ends[i] == ends[i - 1] else i
    where, taken = [-1] * len(text), [False] * len(output)
    for size in SIZES:
        _place_exact(text, output, starts, ends, where, taken, size)
    _fill_gaps(text, output, starts, ends, where, taken)
    _place_short(truth, output, where, taken)
    return where


def _place_exact(
    text: str, output: str, starts: list[int], ends: list[int], where: list[int], taken: list[bool], size: int
) -> None:
    """Pieces of at least `size` characters; where several places fit, the longest, then the one next to a placed neighbour."""
    index: dict[str, list[int]] = defaultdict(list)
    for o in range(len(output) - size + 1):
        if not taken[o]:
            index[output[o : o + size]].append(o)
    found: list[tuple[int, int, int, int]] = []
    i = 0
    while i + size <= len(text):
        if where[i] >= 0 or i + size > ends[i]:
            i += 1
            continue
        best: tuple[int, int, int, int] | None = None
        for o in index.get(text[i : i + size], ())[:64]:
            a, b = i, o
            while a > starts[i] and b and where[a - 1] < 0 and not taken[b - 1] and text[a - 1] == output[b - 1]:
                a, b = a - 1, b - 1
            x, y = i, o
            while x < ends[i] and y < len(output) and where[x] < 0 and not taken[y] and text[x] == output[y]:
                x, y = x + 1, y + 1
            beside = int(bool(a) and where[a - 1] == b - 1) + int(x < len(text) and where[x] == y)
            if x - a >= size and (best is None or (x - a, beside) > best[:2]):
                best = (x - a, beside, a, b)
        if best:
            found.append(best)
            i = best[2] + best[0]
        else:
            i += 1
    for length, _, a, b in sorted(found, key=lambda f: (-f[0], -f[1], f[2])):
        for k in range(length):
            if where[a + k] < 0 and not taken[b + k]:
                where[a + k], taken[b + k] = b + k, True


def _fill_gaps(text: str, output: str, starts: list[int], ends: list[int], where: list[int], taken: list[bool]) -> None:
    i = 0
    while i < len(text):
        if where[i] >= 0:
            i += 1
            continue
        j = i
        while j < len(text) and where[j] < 0:
            j += 1
        room = 2 * (j - i) + 4
        low = where[i - 1] + 1 if i > starts[i] else len(output)
        high = where[j] if j < ends[j - 1] else 0
        free = _run(taken, low, 1, room)
        after = _run(taken, high - 1, -1, room)[::-1]
        closed = bool(free) and low < high and len(free) == high - low
        free += [o for o in after if o > (free[-1] if free else -1) or o < low]
        piece = "".join(output[o] for o in free)
        steps = Levenshtein.opcodes(text[i:j], piece)
        same = sum(s.src_end - s.src_start for s in steps if s.tag == "equal")
        if closed or same * 3 >= j - i:
            for s in steps:
                if s.tag in ("equal", "replace"):
                    for k in range(min(s.src_end - s.src_start, s.dest_end - s.dest_start)):
                        where[i + s.src_start + k] = free[s.dest_start + k]
                        taken[free[s.dest_start + k]] = True
        i = j


def _run(taken: Sequence[bool], start: int, step: int, most: int) -> list[int]:
    """Untaken places from `start` on, at most `most`."""
    out: list[int] = []
    while 0 <= start < len(taken) and not taken[start] and len(out) < most:
        out.append(start)
        start += step
    return out


def _place_short(truth: Sequence[str], output: str, where: list[int], taken: list[bool]) -> None:
    """Blocks of one or two characters, and whole blocks misread in part, that stand in a free stretch of their own."""
    at = 0
    for block in truth:
        if block and all(w < 0 for w in where[at : at + len(block)]):
            o = output.find(block)
            while o >= 0 and any(taken[o : o + len(block)]):
                o = output.find(block, o + 1)
            if o >= 0:
                for k in range(len(block)):
                    where[at + k], taken[o + k] = o + k, True
        at += len(block)
