"""What people use today, called the way its own documentation shows, behind one interface: bytes in, paragraphs out.

Peers are optional: one that is not installed is left out of the tables. None of them separates articles, so all their
paragraphs form one article. `python -m bench.peers` lists those found here.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import click

Peer = Callable[[str], list[str]]  # decoded text to paragraphs
_CLOSED = re.compile(r"[。！？”…][）》]?$")


def nothing(text: str) -> list[str]:
    """Every line a paragraph."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def naive_joiner(text: str) -> list[str]:
    """Lines joined unless one ends in a closing mark: the loop most people write first.

    >>> naive_joiner("一二\\n三。\\n四")
    ['一二三。', '四']
    """
    out: list[str] = []
    open_end = False
    for line in nothing(text):
        if open_end:
            out[-1] += line
        else:
            out.append(line)
        open_end = not _CLOSED.search(line)
    return out


def unstructured(text: str) -> list[str]:
    """unstructured's group_broken_paragraphs."""
    from unstructured.cleaners.core import group_broken_paragraphs  # type: ignore[import-not-found,unused-ignore]

    return nothing(group_broken_paragraphs(text))


def calibre(text: str) -> list[str]:
    """calibre's heuristic processing, through ebook-convert."""
    with tempfile.TemporaryDirectory() as room:
        source, target = Path(room) / "in.txt", Path(room) / "out.txt"
        source.write_text(text, "utf-8")
        command = ["ebook-convert", str(source), str(target), "--enable-heuristics", "--input-encoding", "utf-8"]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        return nothing(target.read_text("utf-8", errors="replace"))


def ftfy(text: str) -> list[str]:
    """ftfy.fix_text with its defaults."""
    import ftfy as module

    return nothing(module.fix_text(text))


@cache
def _opencc(config: str) -> Any:
    import opencc

    return opencc.OpenCC(config)


def opencc_t2s(text: str) -> list[str]:
    """OpenCC t2s."""
    return nothing(_opencc("t2s").convert(text))


def opencc_tw2sp(text: str) -> list[str]:
    """OpenCC tw2sp."""
    return nothing(_opencc("tw2sp").convert(text))


def zhconv(text: str) -> list[str]:
    """zhconv to zh-cn."""
    import zhconv as module  # type: ignore[import-not-found,import-untyped,unused-ignore]

    return nothing(module.convert(text, "zh-cn"))


def autocorrect(text: str) -> list[str]:
    """autocorrect-py."""
    import autocorrect_py  # type: ignore[import-not-found,unused-ignore]

    return nothing(autocorrect_py.format(text))


_PEERS: dict[str, tuple[Peer, str]] = {
    "nothing": (nothing, ""),
    "naive joiner": (naive_joiner, ""),
    "unstructured": (unstructured, "unstructured"),
    "calibre": (calibre, "ebook-convert"),
    "ftfy": (ftfy, "ftfy"),
    "OpenCC t2s": (opencc_t2s, "opencc"),
    "OpenCC tw2sp": (opencc_tw2sp, "opencc"),
    "zhconv": (zhconv, "zhconv"),
    "autocorrect": (autocorrect, "autocorrect_py"),
}


def found() -> dict[str, Peer]:
    """The peers whose package or program is installed, by name."""
    return {
        name: peer
        for name, (peer, need) in _PEERS.items()
        if not need or shutil.which(need) or importlib.util.find_spec(need)
    }


def document(paragraphs: list[str]) -> dict[str, Any]:
    """Paragraphs in the shape the scorer reads."""
    return {"articles": [{"flags": [], "blocks": [{"role": "paragraph", "text": p} for p in paragraphs]}]}


@click.command()
def main() -> None:
    """List the peers that can run here."""
    for name in _PEERS:
        click.echo(f"{name:14} {'ready' if name in found() else 'not installed'}")


if __name__ == "__main__":
    main()
