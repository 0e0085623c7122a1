"""Times the product on one core over the seeds, many times repeated as separate documents, beside ftfy and OpenCC.

`python -m bench.speed` prints MB of source bytes a second: for the whole, for repair, rejoin and simplify together (and
with them decoding, settling and applying), and for each stage of the whole. Time is that of the core, so that other
work on the machine counts little. It writes nothing.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

CHARACTERS = frozenset({"repair", "rejoin", "simplify"})
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def rate(work: Callable[[bytes], object], sources: Sequence[bytes], repeats: int) -> float:
    """Megabytes (10^6 bytes) of sources a second when `work` takes each of them `repeats` times over."""
    start = time.process_time()
    for _ in range(repeats):
        for source in sources:
            work(source)
    return sum(map(len, sources)) * repeats / 1e6 / (time.process_time() - start)


@click.command()
@click.option("--repeats", default=200, help="how often the five seeds are read")
@click.option("--folder", default=SEEDS, type=click.Path(exists=True, path_type=Path))
def main(repeats: int, folder: Path) -> None:
    """Print rates in MB/s."""
    import cleanup
    from cleanup.options import Options

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
    sources = [path.read_bytes() for path in sorted(folder.glob("*.txt"))]
    size = sum(map(len, sources)) * repeats / 1e6
    click.echo(f"{len(sources)} documents x {repeats}, {size:.1f} MB, Python {platform.python_version()}, one core")
    pipeline = cleanup.Pipeline()
    for source in sources:  # load models and rules before the clock starts
        pipeline.clean(source)
    others = frozenset(stage.name for stage in pipeline.stages) - CHARACTERS
    characters = cleanup.Pipeline(Options(stages_off=others))
    rate(characters.filter, sources, 1)
    click.echo(f"{'+'.join(sorted(CHARACTERS)):24} {rate(characters.filter, sources, repeats):8.2f} MB/s")
    whole = rate(pipeline.clean, sources, repeats)
    click.echo(f"{'cleanup':24} {whole:8.2f} MB/s")
    spent, pipeline.stages = _clocked(pipeline.stages)
    rate(pipeline.clean, sources, repeats)
    for name, seconds in spent.items():
        click.echo(f"  {name:22} {size / seconds:8.2f} MB/s, proposing alone")
    for name, work in _peers().items():
        click.echo(f"{name:24} {rate(work, sources, repeats):8.2f} MB/s")


def _clocked(stages: Sequence[Any]) -> tuple[dict[str, float], tuple[Any, ...]]:
    """The stages with a clock round each, and the seconds they gather."""
    spent = dict.fromkeys((stage.name for stage in stages), 0.0)

    def clock(name: str, propose: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            start = time.process_time()
            try:
                return propose(*given)
            finally:
                spent[name] += time.process_time() - start

        return timed

    return spent, tuple(replace(stage, propose=clock(stage.name, stage.propose)) for stage in stages)


def _peers() -> dict[str, Callable[[bytes], object]]:
    peers: dict[str, Callable[[bytes], object]] = {}
    try:
        import ftfy

        peers["ftfy.fix_text"] = lambda data: ftfy.fix_text(data.decode("utf-8"))
    except ImportError:
        click.echo("ftfy is not installed")
    try:
        import opencc

        converter = opencc.OpenCC("t2s")
        peers["OpenCC t2s"] = lambda data: converter.convert(data.decode("utf-8"))
    except ImportError:
        click.echo("opencc is not installed")
    return peers


if __name__ == "__main__":
    main()
