"""What a batch costs beyond the cleaning itself: many small files, one and two workers, memory, time to start.

Run as `python -m bench.batch --files 100000`. The files are passages of the seeds; nothing is kept. Seconds of CPU are
those of the whole family of processes, those of the cleaning are taken in the same processes at the same time, so both
bear a busy machine; seconds by the clock, and so the scaling, do not: the load is printed beside them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bench.small import ROOT, Trial, introduction, make, trial
from cleanup import cli
from cleanup.batch import run as batch
from cleanup.batch.work import Ended, FolderCraft, Group, clean_group, warm
from cleanup.batch.worker import Beat
from cleanup.decisions import Decisions
from cleanup.document import Document
from cleanup.pipeline import Pipeline

PART = 5  # one worker does this part of the files: what a file takes is compared, and the whole would take an hour


class Clocked:
    """A pipeline that counts the seconds of CPU it takes."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.options, self.seconds, self._pipeline = pipeline.options, 0.0, pipeline

    def clean(self, raw: bytes, name: str = "", decisions: Decisions | None = None) -> Document:
        """Clean as the pipeline does, and count."""
        began = time.process_time()
        document = self._pipeline.clean(raw, name, decisions)
        self.seconds += time.process_time() - began
        return document


@dataclass(frozen=True, slots=True)
class ClockedCraft(FolderCraft):
    """The work of a worker, with the cleaning in it counted: written beside the output, a file a worker."""

    def begin(self) -> Callable[[Group, Beat], Ended]:
        """Return what cleans one group, and then writes down how long the cleaning alone has taken until now."""
        pipeline = Clocked(warm(Pipeline(self.job.options)))
        note = self.out.with_name(f"{self.out.name}-{os.getpid()}.seconds")

        def clean(group: Group, beat: Beat) -> Ended:
            ended = clean_group(cast(Pipeline, pipeline), group, self.out, self.job, beat)
            note.write_text(str(pipeline.seconds))
            return ended

        return clean


def clocked() -> None:
    """Run the command line with the cleaning counted; what the processes of `run` do."""
    vars(batch)["FolderCraft"] = ClockedCraft
    cli.main()


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
    """Run one batch; return seconds by the clock, of CPU of the whole family and in the cleaning, and memory in MB."""
    line = [sys.executable, "-c", "from bench.batch import clocked; clocked()"]
    line += ["run", str(folder), "-o", str(out), "-j", str(workers), "-q", *further]
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
    seconds = time.monotonic() - began
    user, system = after.children_user - before.children_user, after.children_system - before.children_system
    return {
        "seconds": seconds,
        "cpu": user + system,
        "user": user,
        "cleaning": sum(float(note.read_text()) for note in out.parent.glob(f"{out.name}-*.seconds")),
        "parent_mb": max(peak) / 1024,
        "worker_mb": max(of_workers) / 1024,
    }


def cold_start(times: int = 15) -> tuple[float, float]:
    """Return the median milliseconds of `cleanup check` on one small file, by the clock and of CPU.

    The code is compiled before, as it is where the package is installed.
    """
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "a.txt"
        path.write_text("短短114个小时，全县解除静态管理。\n", "utf-8")
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(Path(place) / "compiled")}
        by_clock, of_cpu = [], []
        for _ in range(times + 1):
            before, began = os.times(), time.monotonic()
            subprocess.run([sys.executable, "-m", "cleanup", "check", str(path)], env=environment, check=True)
            by_clock.append((time.monotonic() - began) * 1000)
            after = os.times()
            cpu = after.children_user + after.children_system - before.children_user - before.children_system
            of_cpu.append(cpu * 1000)
    return statistics.median(by_clock[1:]), statistics.median(of_cpu[1:])


def main() -> None:
    """Measure and print."""
    with trial(__doc__, 5000) as measured:
        measure(measured)


def measure(trial: Trial) -> None:
    """Run the batch with two workers and a part of it with one, again with nothing to do, and the start alone."""
    place, files, told = trial.place, trial.files, trial.told
    pages = place / "pages"
    size = make(pages, files)
    print(introduction(files, size), flush=True)
    told |= {"files": files, "mb": size / 1e6}
    few = max(1, files // PART)
    make(place / "few", few)
    each = []
    for workers, folder, number in ((1, place / "few", few), (2, pages, files)):
        found = run(folder, place / f"out{workers}", workers)
        found |= {"files": number, "overhead": found["cpu"] / found["cleaning"] - 1}
        told[f"workers_{workers}"] = found
        each.append(found["seconds"] / number)
        print(
            f"{workers} worker{'s' * (workers > 1)}, {number:,} files: {found['seconds']:.1f} s by the clock, "
            f"{found['cpu']:.1f} s of CPU, of which {found['cleaning']:.1f} s cleaning, "
            f"{found['cleaning'] / number * 1000:.2f} ms a file; {found['overhead']:+.1%} beyond it; "
            f"parent {found['parent_mb']:.0f} MB, a worker {found['worker_mb']:.0f} MB",
            flush=True,
        )
    again = run(pages, place / "out2", 2)
    make(place / "one", 1)
    start = run(place / "one", place / "out-one", 1)
    clock, cpu = cold_start()
    told |= {"scaling": each[0] / each[1], "again_seconds": again["seconds"], "start_cpu": start["cpu"]}
    told |= {"cold_start_ms": clock, "cold_start_cpu_ms": cpu}
    print(f"of this, a run of one file takes {start['cpu']:.1f} s of CPU: the start of the parent and of a worker")
    print(f"scaling from 1 to 2 workers {told['scaling']:.2f}; nothing left to do: {again['seconds']:.1f} s")
    print(f"`cleanup check` on a small file: {clock:.0f} ms by the clock, {cpu:.0f} ms of CPU (medians of 15)")


if __name__ == "__main__":
    main()
