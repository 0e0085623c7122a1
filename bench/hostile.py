"""A thousand hostile inputs, twenty kills, a full disk: is every failure named, and everything else done?

Run as `python -m bench.hostile`. Needs Linux; the full disk needs the right to mount a small tmpfs and is left out
without it. Exits 1 when anything is not as it must be.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

from bench.small import ROOT, make, passages

LINE = [sys.executable, "-m", "cleanup"]
ENVIRONMENT = dict(os.environ, PYTHONPATH=str(ROOT))
CODECS = ("utf-8", "utf-16", "gb18030", "big5hkscs", "utf-8-sig")


def hostile(folder: Path, number: int, chance: random.Random) -> None:
    """Make input `number`: every kind in turn, named as badly as its content is made."""
    text = next(passages())
    plain = f"{number:04d}"
    name = [plain, f"{plain} \n\t", f"-{plain}", plain + "长" * 78, f"{plain}\\udc80"][number % 5]
    path = os.fsencode(folder / name) + b"\xff" * (number % 11 == 0) + b".txt"
    kind = number % 12
    if kind == 0:
        data = chance.randbytes(chance.randrange(1, 20_000))
    elif kind == 1:
        data = text.encode()[: chance.randrange(1, 500)]
    elif kind == 2:
        data = text.encode(chance.choice(CODECS), "replace")
    elif kind == 3:
        os.mkfifo(path)
        return
    elif kind == 4:
        os.symlink(path, path)  # noqa: PTH211 - the name is bytes
        return
    elif kind == 5:
        data = b""
    elif kind == 6:
        data = b"\0" * chance.randrange(1, 5000)
    elif kind == 7:
        data = "".join(chance.choices(["\u202e", "\u200b", "\ufeff", "(", "“", " ", "1", "文", "\n"], k=3000)).encode()
    elif kind == 8:
        data = (chr(chance.randrange(0x4E00, 0x9FFF)) * 100_000).encode()
    elif kind == 9:
        data = text.encode() + chance.randbytes(3)
    elif kind == 10:
        data = b"%PDF-1.7\n" + chance.randbytes(2000)
    else:
        data = text.encode()
    with open(path, "wb") as stream:  # noqa: PTH123 - the name is bytes
        stream.write(data)
    if number % 97 == 0:
        os.chmod(path, 0)  # noqa: PTH101 - the name is bytes


def vanish(folder: Path, chance: random.Random, stop: threading.Event) -> None:
    """Take files away while they are being read."""
    names = sorted(os.listdir(os.fsencode(folder)))  # noqa: PTH208 - the names are bytes
    for name in chance.sample(names, len(names) // 20):
        if stop.wait(0.05):
            return
        with suppress(OSError):
            os.unlink(os.fsencode(folder) + b"/" + name)  # noqa: PTH108


def thousand(place: Path, chance: random.Random, inputs: int) -> bool:
    """Clean hostile inputs while some vanish; tell whether all ended well."""
    folder, out = place / "hostile", place / "hostile-out"
    folder.mkdir()
    for number in range(inputs):
        hostile(folder, number, chance)
    (folder / "one line.txt").write_bytes("县里解除了静态管理，".encode() * (50_000_000 // 30))
    stop = threading.Event()
    thief = threading.Thread(target=vanish, args=(folder, chance, stop))
    thief.start()
    began = time.monotonic()
    line = [*LINE, "run", str(folder), "-o", str(out), "--json", "--timeout", "300"]
    done = subprocess.run(line, env=ENVIRONMENT, capture_output=True, check=False, timeout=3600)
    stop.set()
    thief.join()
    told = json.loads(done.stdout)
    named = len(done.stderr.decode("utf-8", "replace").splitlines())
    counts = told["counts"]
    documents = [json.loads(path.read_bytes()) for path in out.rglob("document.json")]
    known = {document["source"]["name"] for document in documents}
    known |= {failure["source"].rpartition("/")[2] for failure in told["failures"]}
    forgotten = {path.name for path in folder.iterdir()} - known  # what vanished before it was met is not missed
    faults = [failure for failure in told["failures"] if "please report" in failure["cause"]]
    halves = list(out.rglob(".cleanup-*"))
    well = (
        done.returncode == 2
        and not forgotten
        and not faults
        and not halves
        and len(documents) == counts["sources"]
        and named == counts["failed"]
    )
    print(
        f"{inputs + 1:,} hostile inputs in {time.monotonic() - began:.0f} s: {counts['sources']} done, "
        f"{counts['failed']} failed, {named} named, {len(forgotten)} forgotten, status {done.returncode}: "
        f"{'as it must be' if well else 'WRONG'}"
    )
    for failure in faults:
        print("  ", failure)
    return well and undone(out, folder)


def undone(out: Path, folder: Path) -> bool:
    """Undo every output; tell whether each gives back the bytes its source has."""
    from cleanup.document import Document

    wrong = count = 0
    for path in out.rglob("document.json"):
        document = Document.from_json(path.read_bytes())
        source = os.fsencode(folder) + b"/" + os.fsencode(document.source.name)
        raw = document.undo()
        count += 1
        with suppress(OSError), open(source, "rb") as stream:  # noqa: PTH123
            wrong += stream.read() != raw
    print(f"undo over the tree: {count} documents, {wrong} differ from their source")
    return wrong == 0


def digest(out: Path) -> str:
    """Return a digest of an output tree, less what tells times."""
    total = hashlib.sha256()
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name != "run.json" and not path.name.startswith(".cleanup.sqlite"):
            total.update(os.fsencode(path.relative_to(out)) + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def killed(place: Path, chance: random.Random, times: int, form: str, files: int) -> bool:
    """Kill a batch at random moments and resume it; tell whether each ends as an uninterrupted one."""
    folder = place / f"killed-{form}"
    make(folder, files)
    line = [*LINE, "run", str(folder), "--format", form, "-q", "-j", "2", "--set", "shard-size=0.05", "-o"]
    began = time.monotonic()
    subprocess.run([*line, str(place / f"whole-{form}")], env=ENVIRONMENT, check=True)
    length = time.monotonic() - began
    whole = digest(place / f"whole-{form}")
    good = twice = 0
    for _ in range(times):
        out = place / f"broken-{form}"
        process = subprocess.Popen([*line, str(out)], env=ENVIRONMENT, stderr=subprocess.DEVNULL)
        time.sleep(length * chance.uniform(0.1, 0.95))
        process.send_signal(chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        process.wait()
        before = done(out)
        subprocess.run([*line, str(out)], env=ENVIRONMENT, check=True)
        good += digest(out) == whole
        twice += before + json.loads((out / "run.json").read_bytes())["this_run"]["sources"] - files
        shutil.rmtree(out)
    print(
        f"killed at {times} random moments ({form}): {good} trees byte-identical after resuming, "
        f"{twice} files done twice beyond those in flight"
    )
    return good == times and not twice


def done(out: Path) -> int:
    """Return how many sources the ledger of an output knows as done."""
    ledger = out / ".cleanup.sqlite"
    if not ledger.exists():
        return 0
    with closing(sqlite3.connect(ledger)) as base:
        try:
            return int(base.execute("SELECT count(*) FROM source WHERE state = 'done'").fetchone()[0])
        except sqlite3.OperationalError:  # killed before there was a table
            return 0


def full(place: Path) -> bool:
    """Run into a full disk and on; tell whether it was said, nothing was half-written, and the rest was done later."""
    disk, folder = place / "disk", place / "full"
    disk.mkdir()
    make(folder, 300)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)], check=False).returncode:
        print("full disk: not measured, no right to mount")
        return True
    try:
        line = [*LINE, "run", str(folder), "-o", str(disk / "out"), "-q"]
        done = subprocess.run(line, env=ENVIRONMENT, capture_output=True, check=False, timeout=600)
        said = b"no space left" in done.stderr.lower() or b"disk is full" in done.stderr.lower()
        halves = [p for p in (disk / "out").rglob("*.txt") if not p.read_bytes().endswith(b"\n")]
        left = [p for p in (disk / "out").rglob(".cleanup-*") if p.is_file()]
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        again = subprocess.run(line, env=ENVIRONMENT, capture_output=True, check=False, timeout=600)
        subprocess.run([*LINE, "run", str(folder), "-o", str(place / "full-whole"), "-q"], env=ENVIRONMENT, check=True)
        same = digest(disk / "out") == digest(place / "full-whole")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    well = done.returncode == 2 and said and not halves and not left and again.returncode == 0 and same
    print(
        f"full disk: status {done.returncode}, said {said}, half-written {len(halves)}, left over {len(left)}, "
        f"resumed {'to the same tree' if same else 'WRONG'}: {'as it must be' if well else 'WRONG'}"
    )
    return well


def main() -> None:
    """Do all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--files", type=int, default=600, help="how many files are cleaned when it is killed")
    parser.add_argument("--seed", type=int, default=1998)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    place = Path(tempfile.mkdtemp())
    try:
        ended = [
            thousand(place, chance, chosen.inputs),
            killed(place, chance, (chosen.kills + 1) // 2, "text", chosen.files),
            killed(place, chance, chosen.kills // 2, "jsonl", chosen.files),
            full(place),
        ]
    finally:
        shutil.rmtree(place)
    sys.exit(not all(ended))


if __name__ == "__main__":
    main()
