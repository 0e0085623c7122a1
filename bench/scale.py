"""Ray beside the local engine on the same cores: are the rows equal, and what does a document cost in each?

Run as `python -m bench.scale --files 100000`. The documents are passages of the seeds; nothing is kept. Each engine
is run on all documents and on a tenth of them, and the difference is what a document costs, start-up aside. Seconds of
CPU bear a busy machine, seconds by the clock do not: the load is printed beside them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.small import ROOT, Trial, introduction, make, trial

TICK = os.sysconf("SC_CLK_TCK")
WORKERS = 2
SHARD = 0.25  # MB of sources: small enough that the local engine, which shares out shards, has work for all workers


def family(root: int) -> dict[int, float]:
    """Return the seconds of CPU of a process and of all that descend from it, by process, as /proc tells them."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                words = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(words[1])
                seconds[int(entry.name)] = (int(words[11]) + int(words[12])) / TICK
    found = {root}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return {one: seconds[one] for one in found if one in seconds}


def run(folder: Path, out: Path, *further: str) -> dict[str, float]:
    """Run one job; return seconds by the clock and seconds of CPU of the whole family."""
    line = [sys.executable, "-m", "cleanup", "run", str(folder), "-o", str(out), "-j", str(WORKERS), "-q"]
    line += ["--set", f"shard-size={SHARD}", *further]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    began = time.monotonic()
    process = subprocess.Popen(line, env=environment)
    spent: dict[int, float] = {}
    while process.poll() is None:
        spent |= family(process.pid)
        time.sleep(0.1)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(line)} ended with status {process.returncode}")
    return {"seconds": time.monotonic() - began, "cpu": sum(spent.values())}


def rows(out: Path, kind: str) -> list[dict[str, Any]]:
    """Return the rows of a table in the order of sources, keyed by the digest of the source as Ray keys them."""
    from pyarrow import parquet

    found = [row for path in sorted(out.glob(f"{kind}-*.parquet")) for row in parquet.read_table(path).to_pylist()]
    for row in found:
        row["key"] = row["sha256"]
        if "id" in row:
            row["id"] = f"{row['sha256']}#{row['article']}"
    return sorted(found, key=lambda row: (row["source"], row.get("article", 0)))


def main() -> None:
    """Measure and print; the status is 1 where the rows differ."""
    with trial(__doc__, 2000) as measured:
        measure(measured)
    if not all(measured.told["equal"].values()):
        raise SystemExit("the rows differ")


def measure(trial: Trial) -> None:
    """Run both engines on all documents and on a tenth of them, and compare their rows."""
    place, files, told = trial.place, trial.files, trial.told
    few = max(1, files // 10)
    engines = {"local": ("--format", "parquet"), "ray": ("--engine", "ray")}
    size = make(place / "all", files)
    make(place / "few", few)
    print(introduction(files, size), flush=True)
    told["files"] = files
    for engine, further in engines.items():
        start = run(place / "few", place / f"{engine}-few", *further)
        whole = run(place / "all", place / engine, *further)
        each = {name: (whole[name] - start[name]) / (files - few) * 1000 for name in whole}
        begin = {name: start[name] - each[name] * few / 1000 for name in start}
        told[engine] = {"each_ms": each, "start": begin, "whole": whole}
        print(
            f"{engine}: {whole['seconds']:.1f} s by the clock, {whole['cpu']:.1f} s of CPU; a document "
            f"{each['seconds']:.2f} ms by the clock, {each['cpu']:.2f} ms of CPU; start-up "
            f"{begin['seconds']:.1f} s by the clock, {begin['cpu']:.1f} s of CPU",
            flush=True,
        )
    for name in ("seconds", "cpu"):
        told[f"throughput_{name}"] = told["local"]["each_ms"][name] / told["ray"]["each_ms"][name]
    told["equal"] = {kind: rows(place / "local", kind) == rows(place / "ray", kind) for kind in ("articles", "journal")}
    print(
        f"Ray's throughput is {told['throughput_seconds']:.2f} of the local engine's by the clock, "
        f"{told['throughput_cpu']:.2f} by CPU, start-up aside; rows equal: {told['equal']}"
    )


if __name__ == "__main__":
    main()
