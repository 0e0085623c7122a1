"""A Ray cluster whose memory monitor ends workers: does a job end, with the row they were ended for in its failures?

Run as `python -m bench.scarce` on Linux with 10 GB of free memory and little else at work, since the monitor looks at
the whole machine. One row takes less memory than its pipeline may have and more than the monitor lets pass: Ray ends
actors, again and again, and only what they were lost with tells which row it was. Exits 1 when a row is missing.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from cleanup.document import Draft
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.ray import articles, clean_dataset, failures

ROWS = 24
HUNGRY = 12  # the number of the row that takes the memory
WORD = "饕餮"  # by which it is known
MEAL = 5_000_000_000  # bytes it takes and holds
PASSES = 0.6  # of the meal that the monitor lets pass: the cluster itself needs a part of that
HOLDS = 60.0  # seconds


def devour(draft: Draft, rulebook: Any, options: Any) -> Proposal:
    """Take memory and hold it, as a stage of the user's own, at the sight of the word."""
    if WORD in draft.text:
        held = bytearray(MEAL)
        held[::4096] = b"\1" * len(held[::4096])
        time.sleep(HOLDS)
    return Proposal()


def memory() -> dict[str, int]:
    """Return the bytes of memory there are, in all and for programs that would start now, as Linux tells them."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)}


def main() -> None:
    """Clean the rows and say what became of them."""
    found = memory()
    total, free = found["MemTotal"], found["MemAvailable"]
    if free < 2 * MEAL:
        raise SystemExit(f"needs {2 * MEAL / 1e9:.0f} GB of free memory")
    os.environ.update(
        {
            "RAY_memory_usage_threshold": str((total - free + PASSES * MEAL) / total),
            "RAY_memory_monitor_refresh_ms": "100",
        }
    )
    import ray

    began = time.monotonic()
    ray.init(num_cpus=2, _memory=8 * MEAL, include_dashboard=False, log_to_driver=False, logging_level="error")
    ray.data.DataContext.get_current().enable_progress_bars = False
    rows = [{"id": str(number), "text": f"第{number}页记的是春耕备耕农资供应情况。\n"} for number in range(ROWS)]
    rows[HUNGRY]["text"] += f"{WORD}。\n"
    dataset = ray.data.from_items(rows, override_num_blocks=4)
    options = Options(stages=("bench.scarce:devour",))
    cleaned = clean_dataset(
        dataset, name_column="id", settings=options, workers=2, timeout=None, memory=2 * MEAL
    ).materialize()
    done = {row["source"] for row in articles(cleaned).take_all()}
    failed = {row["source"]: row["cause"] for row in failures(cleaned).take_all()}
    ray.shutdown()
    print(f"{len(done)} of {ROWS} rows done, failed: {failed}, in {time.monotonic() - began:.0f} s")
    if failed.keys() != {str(HUNGRY)} or done | failed.keys() != {str(number) for number in range(ROWS)}:
        raise SystemExit("not as it must be")


if __name__ == "__main__":
    main()
