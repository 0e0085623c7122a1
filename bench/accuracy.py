"""Runs the product and its peers over a folder of pages and writes what they score: tables, a plot, figures as JSON.

`python -m bench.accuracy --pages DIR --out bench` needs DIR/raw and DIR/gold, as bench.pages makes them; it changes no
page.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bench.peers import Peer, document, found
from bench.plot import bars
from bench.score import raw_lines, score, summary

Tool = Callable[[bytes, str], dict[str, Any]]
Figures = dict[str, float]
FIGURES = (
    ("break_f1", "break F1"), ("joins", "joins"), ("thread", "thread"), ("cer", "CER %"), ("b_cubed", "B³ F1"),
    ("headline", "headline"), ("order_paragraphs", "order"), ("link_recall", "links R"), ("link_precision", "links P"),
    ("role title", "title"), ("role byline", "byline"), ("role heading", "heading"),
    ("role caption", "caption"), ("numbers", "numbers"), ("alone", "alone"), ("furniture_kept", "furniture left"),
)  # fmt: skip
HABITS = ("extractor and indent", "policy", "engine", "blanks")
REFLOWED = frozenset(
    {"K1", "K2", "K6", "book", "forms", "fixed"}
)  # lines in reading order, nothing injected: what habits are told by


def product(data: bytes, encoding: str) -> dict[str, Any]:
    """The product's articles in the shape the scorer reads; it is told nothing of the encoding."""
    import cleanup

    cleaned = cleanup.clean(data)
    return {
        "articles": [
            {"flags": list(a.flags), "blocks": [{"role": b.role, "text": b.text} for b in a.blocks]}
            for a in cleaned.articles
        ]
    }


def of_peer(peer: Peer) -> Tool:
    """A peer as a tool: it is handed text decoded with the right encoding, which none of them would find by itself."""
    return lambda data, encoding: document(peer(data.decode(encoding, errors="replace")))


def habits(truth: Mapping[str, Any], raw: Sequence[str]) -> dict[str, str]:
    """What is special in a page's text: the tool it came from, blank lines, indents.

    >>> habits({"meta": {"extractor": "mutext"}}, ["　　甲乙", "丙丁"])["indent"]
    'kept'
    """
    meta = truth.get("meta", {})
    filled = [line for line in raw if line.strip()]
    blank = sum(not line.strip() for line in raw[:-1]) / max(1, len(raw) - 1)
    indented = sum(line[:1] in " \u3000\t" for line in filled) / max(1, len(filled))
    indent = "kept" if 0.05 < indented < 0.6 else "lost"
    return {
        "extractor and indent": f"{meta.get('extractor', 'plain cuts')}, {indent}",
        "policy": str(meta.get("policy", "as is")),
        "engine": str(meta.get("engine", "")),
        "indent": indent,
        "blanks": "after every line" if blank > 0.4 else "none" if blank == 0 else "some",
    }


def measure(
    pages: Path, tools: Mapping[str, Tool]
) -> tuple[dict[str, dict[str, Counter[str]]], dict[str, dict[str, Counter[str]]], list[dict[str, Any]]]:
    """Counts by tool and kind, the product's counts by habit, and a row of figures for each page of the product."""
    by_kind: dict[str, dict[str, Counter[str]]] = {t: defaultdict(Counter) for t in tools}
    by_habit: dict[str, dict[str, Counter[str]]] = {h: defaultdict(Counter) for h in HABITS}
    rows: list[dict[str, Any]] = []
    for path in sorted((pages / "gold").glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        encoding = str(truth.get("encoding", "utf-8-sig"))
        data = sorted((pages / "raw").glob(f"{path.stem}*.txt"))[0].read_bytes()
        raw = raw_lines(data, encoding)
        for name, tool in tools.items():
            start = time.perf_counter()
            try:
                made = tool(data, encoding)
            except Exception as error:
                click.echo(f"{name} failed on {path.stem}: {type(error).__name__}: {error}", err=True)
                made = {"articles": []}
            seconds = time.perf_counter() - start
            count = score(truth, made, raw)
            kind = path.stem.split("_")[0]
            by_kind[name][kind] += count
            if name == "cleanup":
                rows.append(
                    {
                        "page": path.stem,
                        "seconds": round(seconds, 3),
                        **{k: round(v, 4) for k, v in summary(count).items() if not math.isnan(v)},
                    }
                )
                for habit, value in habits(truth, raw).items():
                    if kind in REFLOWED and habit in by_habit:
                        by_habit[habit][value] += count
    return by_kind, by_habit, rows


def _cell(key: str, value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.2f}" if key == "cer" else f"{value:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def report(
    by_kind: Mapping[str, Mapping[str, Counter[str]]], by_habit: Mapping[str, Mapping[str, Counter[str]]], title: str
) -> str:
    """The tables as Markdown."""
    kinds = sorted({k for counts in by_kind.values() for k in counts})
    pages = {k: next(int(c[k]["documents"]) for c in by_kind.values() if k in c) for k in kinds}
    parts = [
        f"# {title}",
        "Made by `python -m bench.accuracy` on held-out pages; what each kind and figure is stands in README.md.",
        "## Break F1, tool by kind",
    ]
    rows = [
        [tool, *(_cell("break_f1", summary(counts[k])["break_f1"]) for k in kinds)] for tool, counts in by_kind.items()
    ]
    parts.append(_table(["tool", *(f"{k} ({pages[k]})" for k in kinds)], rows))
    ours = by_kind.get("cleanup")
    if ours:
        rows = [[k, *(_cell(key, summary(ours[k])[key]) for key, _ in FIGURES)] for k in kinds]
        total: Counter[str] = sum((ours[k] for k in kinds), Counter())
        rows.append(["all", *(_cell(key, summary(total)[key]) for key, _ in FIGURES)])
        parts += ["## cleanup, figure by kind", _table(["kind", *(label for _, label in FIGURES)], rows)]
        for habit, counts in by_habit.items():
            keys = FIGURES[:7]
            rows = [
                [value, str(int(c["documents"])), *(_cell(k, summary(c)[k]) for k, _ in keys)]
                for value, c in sorted(counts.items())
            ]
            parts += [f"## cleanup, by {habit}", _table([habit, "pages", *(label for _, label in keys)], rows)]
    return "\n\n".join(parts) + "\n"


def digest(pages: Path) -> str:
    """What tells one folder of pages from another: a hash of the names and bytes of its sources."""
    total = hashlib.blake2b(digest_size=12)
    for path in sorted((pages / "raw").glob("*.txt")):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def kept(path: Path, pages: Path) -> dict[str, dict[str, Counter[str]]]:
    """Counts of an earlier run over the same pages; raises click.UsageError when the pages are others."""
    earlier = json.loads(path.read_text("utf-8"))
    if earlier["pages"] != digest(pages):
        raise click.UsageError(f"{path} was made on other pages")
    return {t: {k: Counter(c) for k, c in kinds.items()} for t, kinds in earlier["breaks"].items()}


@click.command()
@click.option("--pages", type=click.Path(exists=True, path_type=Path), required=True)
@click.option(
    "--out", type=click.Path(path_type=Path), help="folder for RESULTS.md and its plot; else they are printed"
)
@click.option("--tool", "names", multiple=True, help="cleanup or a peer's name; all that are installed by default")
@click.option("--reuse", type=click.Path(exists=True, path_type=Path), help="results.json to take other tools from")
@click.option("--each", type=click.Path(path_type=Path), help="file for the product's figures page by page")
@click.option("--title", default="Results")
def main(
    *, pages: Path, out: Path | None, names: Sequence[str], reuse: Path | None, each: Path | None, title: str
) -> None:
    """Score the product and its peers."""
    tools: dict[str, Tool] = {"cleanup": product} | {name: of_peer(peer) for name, peer in found().items()}
    by_kind, by_habit, rows = measure(pages, {n: t for n, t in tools.items() if not names or n in names})
    by_kind |= {t: counts for t, counts in (kept(reuse, pages) if reuse else {}).items() if t not in by_kind}
    text = report(by_kind, by_habit, title)
    if each:
        each.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if out is None:
        click.echo(text)
        return
    out.mkdir(parents=True, exist_ok=True)
    shown = {tool: {k: summary(c)["break_f1"] for k, c in counts.items()} for tool, counts in by_kind.items()}
    (out / "results.svg").write_text(bars(shown, "Break F1"), "utf-8")
    (out / "RESULTS.md").write_text(text + "\n![Break F1 by kind and tool](results.svg)\n", "utf-8")
    names_kept = ("documents", "breaks_right", "breaks_gold", "breaks_made")
    breaks = {t: {k: {n: c[n] for n in names_kept} for k, c in kinds.items()} for t, kinds in by_kind.items()}
    (out / "results.json").write_text(json.dumps({"pages": digest(pages), "breaks": breaks}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
