r"""Scripts and styles without the white space and comments that only their reader needs.

A page of the report carries its script and style, so they are made short when it is written, and the script's own
names with them. Nothing is moved; strings, properties and regular expressions stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, product
from string import ascii_letters

# what may stand in a script, in this order: a literal that must stay, a comment, white space, anything else
_SCRIPT = re.compile(
    r"""
    (?P<literal> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*`
      | (?<=[(,=:\[!&|?{};\n])[ ]* / (?![/*]) (?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+ / [a-z]* )
    | (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<space> \s+ )
    | (?P<code> [\w$]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENS = frozenset("{};,([\n")
_CLOSES = frozenset("})];,.?:")
_WORD = re.compile(r"[\w$]")


def script(text: str) -> str:
    r"""Return a script without comments and needless white space; a line end that may end a statement stays.

    Every statement but a block must end in a semicolon, as those of templates/ do: no line end is kept after a brace.

    >>> script("// adds\nconst add = (a, b) => {\n  return a + b; // both\n};\n")
    'const $a=(a,b)=>{return a+b};'
    """
    return shortened(_tight(text))


def _tight(text: str) -> str:
    out: list[str] = []
    waiting = ""
    for match in _SCRIPT.finditer(text):
        piece = match.group()
        if match.lastgroup == "comment":
            continue
        if match.lastgroup == "space":
            waiting = "\n" if "\n" in waiting + piece else " "
            continue
        piece = piece.strip(" ") if match.lastgroup == "literal" else piece
        if waiting and out:
            last, first = out[-1][-1], piece[0]
            if waiting == "\n":
                if last not in _OPENS and first not in _CLOSES:
                    out.append("\n")
            elif (_WORD.match(last) and _WORD.match(first)) or (last == first and first in "+-"):
                out.append(" ")
        if piece == "}" and out and out[-1] == ";":
            out.pop()
        out.append(piece)
        waiting = ""
    return "".join(out)


def shortened(text: str) -> str:
    """Return a script whose own names are short, save those that are also a property, a key or a word of a string.

    >>> shortened("const counter=3;function increase(step){return counter+step}increase(2);")
    'const $a=3;function $b(step){return $a+step}$b(2);'
    """
    strings = " ".join(match.group() for match in _SCRIPT.finditer(text) if match.lastgroup == "literal")
    words = Counter(re.findall(r"(?<![\w$.])[A-Za-z_][\w$]*", text))
    other = set(re.findall(r"[A-Za-z_$][\w$]*", re.sub(r"\$\{[^}]*\}", "", strings)))
    other |= set(re.findall(r"(?<!\.\.)\.([A-Za-z_$][\w$]*)", text))  # properties
    other |= set(re.findall(r"(?<=[{,])([A-Za-z_$][\w$]*)(?=[,}:=])", text))  # keys, written out or not
    other |= set(re.findall(r"([A-Za-z_$][\w$]*):", text))
    own = set(re.findall(r"(?:const|let|function) ([A-Za-z_][\w$]*)", text)) - other
    names = _short_names(text)
    new = {name: next(names) for name in sorted(own, key=lambda name: (-words[name], name)) if len(name) > SHORT}
    return re.sub(r"(?<![\w$.])[A-Za-z_][\w$]*|(?<=\.\.\.)[A-Za-z_][\w$]*", lambda hit: new.get(hit[0], hit[0]), text)


SHORT = 2  # letters of a name that gains nothing by being renamed


def _short_names(text: str) -> Iterator[str]:
    """Yield names that a script does not use."""
    used = set(re.findall(r"\$[\w$]*", text))
    for length in count(1):
        for letters in product(ascii_letters, repeat=length):
            name = "$" + "".join(letters)
            if name not in used:
                yield name


def style(text: str) -> str:
    """Return a style sheet without comments and needless white space.

    >>> style("p {\\n  margin: 0 auto;  /* in the middle */\\n}\\n")
    'p{margin:0 auto}'
    """
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    return re.sub(r": ", ":", text).replace(";}", "}").strip()
