"""What is known of the two scripts: which characters belong to one alone, and how likely a place is set in traditional.

The map between the scripts is OpenCC's, as list_forms.py has written it down; which characters prove nothing is data
(rules/simplify/). OpenCC itself is loaded by `convert` alone, when there is a run whose phrases have to decide.
It never changes text and never decides for a document: stages/simplify.py does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import CODE_POINTS, SENTENCE_ENDS

if TYPE_CHECKING:
    from opencc import OpenCC

SHIPPED: Final = Path(__file__).with_name("single-forms.txt")
CONFIGURATIONS: Final = ("t2s", "tw2s", "hk2s", "s2t", "s2tw", "s2hk")  # those that have single forms listed

NEUTRAL: Final = 0
SIMPLIFIED: Final = 1  # simplified text alone has it
KANA: Final = 2  # kana or hangul: the text around is not Chinese
COMMON: Final = 3  # both scripts have it often; a traditional run may ask for another form
DOUBTFUL: Final = 4  # both scripts have it, simplified text seldom
NAME_FORM: Final = 5  # traditional, but names keep it in simplified text
TRADITIONAL: Final = 6  # traditional text alone has it
FIRST_TRIGGER: Final = NAME_FORM  # without a character of this kind or above, nothing is to be simplified

BASIC_PLANE: Final = 0xFFFF
KANA_RANGES: Final = ((0x3041, 0x3097), (0x30A1, 0x30FB), (0x1100, 0x1200), (0xAC00, 0xD7A4))

# how strong a break a character is between two others
INSIDE, AT_PAUSE, AT_SENTENCE, AT_LINE = range(4)
CHANGES: Final = (
    "script-change-inside", "script-change-at-pause", "script-change-at-sentence", "script-change-at-line",
)  # fmt: skip
STRAYS: Final = {
    TRADITIONAL: "script-stray", NAME_FORM: "script-stray-name-form", DOUBTFUL: "script-stray-doubtful",
}  # fmt: skip
PAUSES: Final = " \u3000，、；：,;:“”‘’「」『』（）()《》〈〉【】[]—…·"

_LOCK: Final = Lock()


@cache
def _converter(configuration: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(configuration, include_tofu_risk_dictionaries=False)  # characters that few fonts have help nobody


def convert(text: str, configuration: str) -> str:
    """Convert a text by an OpenCC configuration; lone surrogates come back as they went in.

    >>> convert("頭髮", "t2s")
    '头发'
    """
    safe = text.encode("utf-8", "replace").decode("utf-8")  # a question mark for each lone surrogate
    with _LOCK:
        converted = str(_converter(configuration).convert(safe))
    if safe != text and len(converted) == len(text):
        converted = "".join(c if s == t else t for t, s, c in zip(text, safe, converted, strict=True))
    return converted


@cache
def single_forms(configuration: str) -> Mapping[str, str]:
    """What OpenCC makes of each single ideograph, where it makes something else of it, for one of CONFIGURATIONS.

    >>> single_forms("t2s")["頭"]
    '头'
    """
    return _listed()[configuration]


@cache
def _listed() -> Mapping[str, Mapping[str, str]]:
    lines = (line.split("\t") for line in SHIPPED.read_text("utf-8").splitlines())
    return {name: dict(zip(pairs[::2], pairs[1::2], strict=True)) for name, pairs in lines}


@dataclass(frozen=True, slots=True, eq=False)
class Scripts:
    """Each character's place between the scripts.

    `kinds`: a kind per code point. `simplified`: the usual simplified form of a traditional character. `further`: the
    other simplified forms it may stand for. `breaks`: how strong a break each code point is.
    """

    kinds: NDArray[np.uint8]
    simplified: Mapping[str, str]
    further: Mapping[str, str]
    breaks: NDArray[np.uint8]

    def may_become(self, old: str, new: str) -> bool:
        """Tell whether `new` is a simplified form that `old` may stand for, itself included when it is no error."""
        if old == new:
            return int(self.kinds[ord(old)]) < TRADITIONAL
        return self.simplified.get(old) == new or new in self.further.get(old, "")

    @property
    def folding(self) -> Mapping[int, str]:
        """The one form that stands for all forms of a character, for comparing: 錢鍾書 and 钱锺书 become 钱钟书."""
        return _folding(self)

    def fold(self, text: str) -> str:
        """Return the text with every form of a word made one; each character stays one character."""
        return text.translate(_folding(self))


@cache
def _folding(scripts: Scripts) -> Mapping[int, str]:
    table = {ord(old): new for old, new in scripts.simplified.items()}
    for old, forms in scripts.further.items():
        base = scripts.simplified.get(old, forms[0])
        table[ord(old)] = base
        for form in forms:
            if form != base:
                table.setdefault(ord(form), base)
    return {code: table.get(ord(new), new) for code, new in table.items()}


@cache
def scripts(
    common: Sequence[str],
    legitimate: Sequence[str],
    name_forms: Sequence[str],
    also_traditional: Sequence[str],
    second_forms: Sequence[str],
) -> Scripts:
    """Build the tables from OpenCC's map and the characters that are no proof."""
    simplified = {**single_forms("hk2s"), **single_forms("tw2s"), **single_forms("t2s")}
    for character in also_traditional:
        simplified.pop(character, None)
    kinds = np.zeros(CODE_POINTS, dtype=np.uint8)
    back = [single_forms(configuration) for configuration in ("s2t", "s2tw", "s2hk")]
    for character in back[0]:
        if character not in simplified and all(character in forms for forms in back):
            kinds[ord(character)] = SIMPLIFIED
    for low, high in KANA_RANGES:
        kinds[low:high] = KANA
    kinds[[ord(character) for character in simplified]] = TRADITIONAL
    # few fonts have forms beyond the basic plane, so simplified print keeps the traditional one: 白鱀豚
    kinds[[ord(old) for old, new in simplified.items() if ord(new) > BASIC_PLANE]] = NAME_FORM
    exceptions = ((also_traditional, NEUTRAL), (common, COMMON), (name_forms, NAME_FORM), (legitimate, DOUBTFUL))
    for characters, kind in exceptions:
        kinds[[ord(character) for character in characters]] = kind
    breaks = np.zeros(CODE_POINTS, dtype=np.uint8)
    for marks, strength in ((PAUSES, AT_PAUSE), (SENTENCE_ENDS + "；", AT_SENTENCE), ("\n", AT_LINE)):
        breaks[[ord(mark) for mark in marks]] = strength
    return Scripts(kinds, simplified, {entry[0]: entry[1:] for entry in second_forms}, breaks)


def traditional_log_odds(
    kinds: NDArray[np.uint8], breaks: NDArray[np.uint8], limits: Mapping[str, float]
) -> NDArray[np.float64]:
    """Log-odds that each of a row of characters stands in traditional text.

    A chain of two states (simplified, traditional) that changes state at a break more readily than inside a clause;
    forward and backward messages (L. R. Rabiner, Proc. IEEE 77, 1989, section III). `kinds` holds the characters'
    kinds; `breaks` the strongest break between each character and the one before it.
    """
    leak = limits["script-leak"]
    says = {kind: math.log((1 - leak) / limits[name]) for kind, name in STRAYS.items()}
    says[SIMPLIFIED] = math.log(leak / (1 - limits["script-stray"]))
    changes = [limits[name] for name in CHANGES]
    evidence = [says.get(kind, 0.0) for kind in kinds.tolist()]
    change = [changes[strength] for strength in breaks.tolist()]
    count = len(evidence)
    forward = [0.0] * count
    message = 0.0
    for place in range(count):
        message = _carried(message, change[place])
        forward[place] = message = message + evidence[place]
    message = 0.0
    for place in range(count - 1, -1, -1):
        forward[place] += message
        message = _carried(message + evidence[place], change[place])
    log_odds = np.array(forward)
    # a run needs a character that traditional text alone has; the others only support it
    run = np.cumsum(np.diff(log_odds > 0, prepend=False))
    proved = np.bincount(run, weights=kinds == TRADITIONAL) > 0
    return np.where((log_odds > 0) & ~proved[run], -log_odds, log_odds)


def _carried(log_odds: float, change: float) -> float:
    """Log-odds of the next state, given those of this one and the probability that the state changes."""
    if log_odds > 0:
        ratio = math.exp(-min(log_odds, 60.0))
        return math.log((1 - change + change * ratio) / (change + (1 - change) * ratio))
    ratio = math.exp(max(log_odds, -60.0))
    return math.log(((1 - change) * ratio + change) / (change * ratio + 1 - change))
