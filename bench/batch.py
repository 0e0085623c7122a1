"""What a batch costs beyond the cleaning itself: many small files, one and two workers, memory, time to start.

Run as `python -m bench.batch --files 100000`. The files are passages of the seeds; nothing is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
LINES = 24  # of a seed in one small file: about 1.5 KB, a short article


def passages() -> Iterator[str]:
    """Yield passages of the seeds without end, each beginning with its number, so that no two are alike."""
    texts = [path.read_text("utf-8").splitlines(keepends=True) for path in SEEDS]
    for number in count():
        lines = texts[number % len(texts)]
        start = (number * 7) % max(1, len(lines) - LINES)
        yield f"第{number}页\n\n" + "".join(lines[start : start + LINES])


def make(folder: Path, files: int) -> int:
    """Write the small files, a thousand to a folder; return their bytes."""
    total = 0
    for number, text in enumerate(islice(passages(), files)):
        place = folder / f"{number // 1000:04d}"
        if number % 1000 == 0:
            place.mkdir(parents=True)
        data = text.encode()
        (place / f"{number:07d}.txt").write_bytes(data)
        total += len(data)
    return total


def cleaning_alone(folder: Path, files: int) -> float:
    """Return the seconds of CPU that cleaning takes per file, measured in this process without writing anything."""
    from cleanup.pipeline import Pipeline

    pipeline = Pipeline()
    paths = list(folder.rglob("*.txt"))
    chosen = paths[:: max(1, len(paths) // min(files, 1000))]
    raws = [path.read_bytes() for path in chosen]
    for raw in raws[:20]:
        pipeline.clean(raw)
    began = time.process_time()
    for raw in raws:
        pipeline.clean(raw)
    return (time.process_time() - began) / len(raws)


def resident(process: int, parent: list[int], workers: list[int], stop: threading.Event) -> None:
    """Note the highest memory of a process and of its children, in KB, as /proc tells it."""
    while not stop.wait(0.2):
        try:
            children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        except OSError:
            return
        for number, peaks in [(str(process), parent), *((child, workers) for child in children)]:
            with suppress(OSError):
                status = Path(f"/proc/{number}/status").read_text()
                peaks += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]


def run(folder: Path, out: Path, workers: int, *further: str) -> dict[str, float]:
    """Run one batch; return seconds by the clock, seconds of CPU of the whole family, and memory in MB."""
    line = [sys.executable, "-m", "cleanup", "run", str(folder), "-o", str(out), "-j", str(workers), "-q", *further]
    before = os.times()
    began = time.monotonic()
    process = subprocess.Popen(line, env=dict(os.environ, PYTHONPATH=str(ROOT)))
    peak, of_workers = [0], [0]
    stop = threading.Event()
    watcher = threading.Thread(target=resident, args=(process.pid, peak, of_workers, stop))
    watcher.start()
    status = process.wait()
    stop.set()
    watcher.join()
    after = os.times()
    if status != 0:
        raise SystemExit(f"the batch ended with status {status}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        "seconds": time.monotonic() - began,
        "cpu": cpu,
        "parent_mb": max(peak) / 1024,
        "worker_mb": max(of_workers) / 1024,
    }


def cold_start(times: int = 9) -> float:
    """Return the median milliseconds of `cleanup check` on one small file."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "a.txt"
        path.write_text("短短114个小时，全县解除静态管理。\n", "utf-8")
        taken = []
        for _ in range(times):
            began = time.monotonic()
            environment = dict(os.environ, PYTHONPATH=str(ROOT))
            subprocess.run([sys.executable, "-m", "cleanup", "check", str(path)], env=environment, check=True)
            taken.append((time.monotonic() - began) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--place", type=Path, help="where the files are made, by default a temporary folder")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    chosen = parser.parse_args()
    place = Path(tempfile.mkdtemp(dir=chosen.place))
    try:
        size = make(place / "pages", chosen.files)
        alone = cleaning_alone(place / "pages", chosen.files)
        told: dict[str, object] = {"files": chosen.files, "mb": size / 1e6, "clean_ms": alone * 1000}
        print(f"{chosen.files:,} files, {size / 1e6:.1f} MB; cleaning alone {alone * 1000:.2f} ms a file")
        for workers in (1, 2):
            found = run(place / "pages", place / f"out{workers}", workers)
            told[f"workers_{workers}"] = found
            over = found["cpu"] / (alone * chosen.files) - 1
            print(
                f"{workers} worker{'s' * (workers > 1)}: {found['seconds']:.1f} s, {found['cpu']:.1f} s of CPU "
                f"({over:+.0%} beyond cleaning), parent {found['parent_mb']:.0f} MB, "
                f"a worker {found['worker_mb']:.0f} MB"
            )
        one, two = (told[f"workers_{n}"]["seconds"] for n in (1, 2))  # type: ignore[index]
        again = run(place / "pages", place / "out2", 2)
        told |= {"scaling": one / two, "again_seconds": again["seconds"], "cold_start_ms": cold_start()}
        print(f"scaling from 1 to 2 workers {one / two:.2f}; nothing left to do: {again['seconds']:.1f} s")
        print(f"`cleanup check` on a small file: {told['cold_start_ms']:.0f} ms (median of 9)")
        if chosen.json:
            chosen.json.write_text(json.dumps(told, indent=1))
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
