"""What changed, counted in the text that stood before the change: edits, layers of edits, and orders of spans.

Nothing here knows Chinese, rules or files. A layer can be applied, undone and used to carry positions to and fro;
it never looks at why an edit was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]

CERTAIN = 1.0
LENGTH_BITS = 32  # more than any offset into a text needs


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement of `old`, which stood at [start, end) code points of the text a stage saw, by `new`."""

    start: int
    end: int
    old: str
    new: str
    rule: str
    confidence: float = CERTAIN


@dataclass(frozen=True, slots=True)
class Skipped:
    """A proposed edit that lost its place to another one."""

    start: int
    end: int
    rule: str


class Proposals:
    """Edits as a stage proposes them: in any order, possibly overlapping.

    >>> proposals = Proposals()
    >>> proposals.add(3, 4, "", "join-line")
    >>> layer, skipped = proposals.settle("114 个", stage="rejoin")
    >>> layer.apply("114 个")
    '114个'
    """

    __slots__ = ("_columns",)

    def __init__(self) -> None:
        self._columns: list[tuple[int, int, str, str, float]] = []

    def add(self, start: int, end: int, new: str, rule: str, confidence: float = CERTAIN) -> None:
        """Propose that [start, end) becomes `new`."""
        self._columns.append((start, end, new, rule, confidence))

    def extend(
        self,
        starts: Sequence[int] | Positions,
        ends: Sequence[int] | Positions,
        news: str | Sequence[str],
        rule: str,
        confidence: float | Sequence[float] = CERTAIN,
    ) -> None:
        """Propose many edits of one rule; `news` and `confidence` hold for all of them or give one each."""
        first = starts.tolist() if isinstance(starts, np.ndarray) else starts
        last = ends.tolist() if isinstance(ends, np.ndarray) else ends
        new = [news] * len(first) if isinstance(news, str) else news
        sure = [float(confidence)] * len(first) if isinstance(confidence, (int, float)) else confidence
        self._columns.extend(zip(first, last, new, [rule] * len(first), sure, strict=True))

    def __len__(self) -> int:
        return len(self._columns)

    def __iter__(self) -> Iterator[tuple[int, int, str, str, float]]:
        """Yield (start, end, new, rule, confidence) in the order of proposal."""
        return iter(self._columns)

    def settle(self, text: str, stage: str) -> tuple[Layer, tuple[Skipped, ...]]:
        """Choose among overlapping proposals: leftmost, then longest, then first proposed."""
        kept: list[tuple[int, int, str, str, float]] = []
        lost: list[Skipped] = []
        reach, last = 0, (-1, -1)
        self._columns.sort(key=_leftmost_then_longest)  # stable, so the first proposed comes first among equals
        for row in self._columns:
            start, end, new, rule, _ = row
            if text[start:end] == new:
                continue
            if start < reach or (start, end) == last:
                lost.append(Skipped(start, end, rule))
                continue
            kept.append(row)
            reach, last = end, (start, end)
        return Layer.of(stage, text, kept), tuple(lost)


def _leftmost_then_longest(row: tuple[int, int, str, str, float]) -> int:
    return (row[0] << LENGTH_BITS) - row[1]


@dataclass(frozen=True, slots=True)
class Layer:
    """The edits of one stage in ascending order, none overlapping, stored as columns.

    `starts` and `ends` are code-point offsets into the text before the layer. `old` is all replaced text run together:
    the piece of edit i is as long as ends[i] - starts[i]. `news` and `rules` are tables; `new_index` and `rule_index`
    point into them. `confidence` is the probability given by the stage that the edit is right.
    """

    stage: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    old: str
    news: tuple[str, ...]
    new_index: NDArray[np.int32]
    rules: tuple[str, ...]
    rule_index: NDArray[np.int16]
    confidence: NDArray[np.float32]
    _shift: Positions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lengths = np.array([len(new) for new in self.news], dtype=np.int64)
        growth = (lengths[self.new_index] if len(lengths) else np.zeros(0, np.int64)) - (
            self.ends.astype(np.int64) - self.starts
        )
        object.__setattr__(self, "_shift", np.concatenate([[0], np.cumsum(growth)]))

    @classmethod
    def of(cls, stage: str, text: str, rows: Sequence[tuple[int, int, str, str, float]]) -> Layer:
        """Build a layer from ascending, non-overlapping rows (start, end, new, rule, confidence)."""
        starts, ends, new, rule, confidence = zip(*rows, strict=True) if rows else ((), (), (), (), ())
        news = {piece: number for number, piece in enumerate(dict.fromkeys(new))}
        rules = {name: number for number, name in enumerate(dict.fromkeys(rule))}
        return cls(
            stage=stage,
            starts=np.array(starts, dtype=np.int32),
            ends=np.array(ends, dtype=np.int32),
            old="".join([text[start:end] for start, end in zip(starts, ends, strict=True)]),
            new_index=np.array([news[piece] for piece in new], dtype=np.int32),
            news=tuple(news),
            rule_index=np.array([rules[name] for name in rule], dtype=np.int16),
            rules=tuple(rules),
            confidence=np.array(confidence, dtype=np.float32),
        )

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Edit]:
        for (start, end, old), new, rule, sure in zip(
            self._pieces(), self.new_index.tolist(), self.rule_index.tolist(), self.confidence.tolist(), strict=True
        ):
            yield Edit(start, end, old, self.news[new], self.rules[rule], sure)

    def _pieces(self) -> Iterator[tuple[int, int, str]]:
        at = 0
        for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True):
            yield start, end, self.old[at : at + end - start]
            at += end - start

    def apply(self, text: str) -> str:
        """Return the text after the layer."""
        pieces: list[str] = []
        at = 0
        news = self.news
        for start, end, new in zip(self.starts.tolist(), self.ends.tolist(), self.new_index.tolist(), strict=True):
            pieces += (text[at:start], news[new])
            at = end
        pieces.append(text[at:])
        return "".join(pieces)

    def undo(self, text: str) -> str:
        """Return the text before the layer, given the text after it."""
        pieces: list[str] = []
        at = 0
        shift = self._shift.tolist()
        for row, ((start, _, old), new) in enumerate(zip(self._pieces(), self.new_index.tolist(), strict=True)):
            here = start + shift[row]
            pieces += (text[at:here], old)
            at = here + len(self.news[new])
        pieces.append(text[at:])
        return "".join(pieces)

    def forward(self, positions: Positions) -> Positions:
        """Carry offsets before the layer to offsets after it; one inside an edit goes to where its new text ends.

        Monotone; an offset that no edit touches keeps its character.
        """
        rows = np.searchsorted(self.starts, positions, side="right")
        inside = np.zeros(len(positions), dtype=np.int64)
        if len(self.starts):
            last = np.maximum(rows - 1, 0)
            inside = np.where(rows > 0, np.maximum(self.ends[last] - positions, 0), 0)
            inside = np.where((rows > 0) & (positions == self.starts[last]) & (inside > 0), 0, inside)
            rows = np.where((rows > 0) & (positions == self.starts[last]) & (self.ends[last] > positions), last, rows)
        return np.asarray(positions + inside + self._shift[rows], dtype=np.int64)

    def backward(self, positions: Positions) -> Positions:
        """Carry offsets after the layer to offsets before it; one inside new text goes to where the old text began."""
        new_starts = self.starts + self._shift[:-1]
        rows = np.searchsorted(new_starts, positions, side="right")
        moved = positions - self._shift[rows]
        if len(self.starts):
            last = np.maximum(rows - 1, 0)
            new_ends = self.ends[last] + self._shift[rows]
            within = (rows > 0) & (positions < new_ends)
            moved = np.where(within, self.starts[last], moved)
        return np.asarray(moved, dtype=np.int64)

    def backward_spans(self, starts: Positions, ends: Positions) -> tuple[Positions, Positions]:
        """Carry spans after the layer to spans before it; a span that cuts into an edit takes the whole edit along."""
        first = self.backward(starts)
        new_starts = self.starts + self._shift[:-1]
        rows = np.searchsorted(new_starts, ends, side="left")
        last = ends - self._shift[rows]
        if len(self.starts):
            edit = np.maximum(rows - 1, 0)
            within = (rows > 0) & (ends < self.ends[edit] + self._shift[rows])
            last = np.where(within, self.ends[edit], last)
        return first, np.asarray(np.maximum(last, first), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Order:
    """A permutation of spans that tile a text: span i of the new text is [starts[i], ends[i]) of the old one."""

    stage: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def moved(self) -> int:
        """How many spans no longer follow the span they followed."""
        return int(np.count_nonzero(self.starts[1:] != self.ends[:-1])) if len(self.starts) else 0

    def apply(self, text: str) -> str:
        """Return the text with its spans in the new order."""
        return "".join([text[a:b] for a, b in zip(self.starts.tolist(), self.ends.tolist(), strict=True)])

    def undo(self, text: str) -> str:
        """Return the text with its spans in the old order."""
        lengths = self.ends - self.starts
        offsets = np.cumsum(lengths) - lengths
        back = np.argsort(self.starts, kind="stable")
        return "".join([text[a : a + n] for a, n in zip(offsets[back].tolist(), lengths[back].tolist(), strict=True)])

    def over(self, length: int) -> Order:
        """Return the order of a longer text whose end stays where it is.

        >>> order = Order("columns", np.array([2, 0], dtype=np.int32), np.array([4, 2], dtype=np.int32))
        >>> order.over(6).apply("丙丁甲乙戊己")
        '甲乙丙丁戊己'
        """
        end = int(self.ends.max(initial=0))
        if end >= length:
            return self
        starts, ends = (
            np.append(each, edge).astype(np.int32) for each, edge in ((self.starts, end), (self.ends, length))
        )
        return Order(self.stage, starts, ends)

    def forward(self, positions: Positions) -> Positions:
        """Carry offsets in the old text to where their characters stand in the new one; the end stays the end."""
        lengths = (self.ends - self.starts).astype(np.int64)
        begins = np.cumsum(lengths) - lengths
        by_start = np.argsort(self.starts, kind="stable")
        if not len(by_start):
            return positions
        row = by_start[np.maximum(np.searchsorted(self.starts[by_start], positions, side="right") - 1, 0)]
        inside = positions < self.ends[row]
        return np.where(inside, begins[row] + positions - self.starts[row], positions)

    def backward_spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Split the span [start, end) of the new text into the pieces of the old text that it is made of."""
        lengths = (self.ends - self.starts).astype(np.int64)
        stops = np.cumsum(lengths)
        pieces: list[tuple[int, int]] = []
        row = int(np.searchsorted(stops, start, side="right"))
        while start < end and row < len(stops):
            take = min(end, int(stops[row]))
            begin = int(self.starts[row]) + start - int(stops[row] - lengths[row])
            if take > start:
                if pieces and pieces[-1][1] == begin:
                    pieces[-1] = (pieces[-1][0], begin + take - start)
                else:
                    pieces.append((begin, begin + take - start))
            start = take
            row += 1
        return pieces
