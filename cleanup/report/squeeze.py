r"""Scripts and styles without the white space and comments that only their reader needs.

A page of the report carries its script and style, so they are made short when it is written. Nothing is renamed and
nothing is moved; strings, templates and regular expressions stay as they are.
"""

from __future__ import annotations

import re

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
_OPENS = frozenset("{;,([\n")
_CLOSES = frozenset("})];,.?:")
_WORD = re.compile(r"[\w$]")


def script(text: str) -> str:
    r"""Return a script without comments and needless white space; a line end that may end a statement stays.

    >>> script("// adds\nconst add = (a, b) => {\n  return a + b; // both\n};\n")
    'const add=(a,b)=>{return a+b;};'
    """
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
        out.append(piece)
        waiting = ""
    return "".join(out)


def style(text: str) -> str:
    """Return a style sheet without comments and needless white space.

    >>> style("p {\\n  margin: 0 auto;  /* in the middle */\\n}\\n")
    'p{margin:0 auto}'
    """
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    return re.sub(r": ", ":", text).replace(";}", "}").strip()
