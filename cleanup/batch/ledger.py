"""What is done and what is not, in one SQLite file in the output folder, written by the parent process alone.

A run first writes down everything it means to do, under the names the outputs will have; then each result as it comes.
So a run that was killed goes on where it stood, and ends as if it had not been.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote

from cleanup.batch import tally, targets
from cleanup.batch.find import Found
from cleanup.batch.reading import STDIN
from cleanup.batch.tally import Tally
from cleanup.batch.writing import TEMPORARY
from cleanup.document import CleanupError
from cleanup.wording import cause_of

SCHEMA = 1
STDIN_KEY = os.fsencode(STDIN)
FOLDERS = "folders"
PATIENCE = 30_000  # milliseconds until a lock that another process holds is taken for a failure
WHAT_IS_DONE = "what was done until now is kept, run again to go on"
COUNTS = tuple(name for name in tally.COUNTS if name != "sources")

# paths and names are kept as the bytes the file system has; times are nanoseconds
TABLES = f"""
CREATE TABLE IF NOT EXISTS fact (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS source (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    name BLOB NOT NULL,
    folder BLOB NOT NULL,
    folder_key BLOB NOT NULL UNIQUE,
    seen INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'begun', 'done', 'failed')),
    settings TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '',
    cause TEXT NOT NULL DEFAULT '',
    confidence REAL NOT NULL DEFAULT 1,
    files INTEGER NOT NULL DEFAULT 0,
    shard INTEGER,
    {", ".join(f"{count} INTEGER NOT NULL DEFAULT 0" for count in COUNTS)}
);
CREATE INDEX IF NOT EXISTS by_state ON source (state, bytes);
"""
FINISH: Final = f"""
UPDATE source SET state = 'done', cause = '', settings = ?, digest = ?, files = ?, confidence = ?,
{", ".join(f"{count} = ?" for count in COUNTS)} WHERE id = ?
"""


class LedgerError(CleanupError):
    """A ledger that cannot be opened or written; its text names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One source as the ledger knows it; `digest` is of its last cleaning under this run's settings, or empty."""

    id: int
    path: str
    name: str
    folder: str
    size: int
    digest: str


class Ledger:
    """The ledger of one output folder; one process at a time may hold it for writing.

    Raise LedgerError when another run holds it or when it cannot be written.
    """

    def __init__(self, out: Path, *, write: bool) -> None:
        self.path = out / targets.LEDGER
        self._lock: int | None = None
        self._kind, self._writes = FOLDERS, write
        self.stdin: Path | None = None  # where standard input has been put, for the workers to read
        if not write and not self.path.exists():
            raise LedgerError(f"{out} has no {targets.LEDGER}: it is not the output of a run")
        try:
            if write:
                self._base = sqlite3.connect(self.path, isolation_level=None, timeout=0.2)
                self._base.execute("PRAGMA journal_mode = WAL")
                self._hold()
                self._base.execute("PRAGMA synchronous = NORMAL")
                self._base.execute(f"PRAGMA busy_timeout = {PATIENCE}")  # whoever asks for the status is soon gone
                self._base.executescript(TABLES)
            else:
                self._base = _opened_to_read(self.path)
            self._known_schema()
        except sqlite3.Error as error:
            raise self._failure(error) from None

    def _hold(self) -> None:
        """Keep a second run out: the lock on the output folder is ours until this process ends, however it does."""
        with suppress(ImportError):
            import fcntl

            self._lock = os.open(self.path.parent, os.O_RDONLY)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise LedgerError(f"{self.path.parent}: another run is writing to it; wait for it or stop it") from None

    def _known_schema(self) -> None:
        found = self.fact("schema")
        if found is None and self._writes:
            self.note("schema", SCHEMA)
        elif found != SCHEMA:
            raise LedgerError(f"{self.path}: written by another version (schema {found}); use another output folder")

    def _failure(self, error: sqlite3.Error) -> LedgerError:
        damaged = getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
        rest = "remove it, and run again to do everything anew" if damaged else WHAT_IS_DONE
        return LedgerError(f"{self.path}: {cause_of(error)}; {rest}")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writes:
            with suppress(sqlite3.Error):
                self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._base.close()
        if self._lock is not None:
            os.close(self._lock)

    def execute(self, statement: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement; raise LedgerError for a full disk and the like."""
        try:
            return self._base.execute(statement, tuple(values))
        except sqlite3.Error as error:
            raise self._failure(error) from None

    def fact(self, key: str) -> Any:
        """Return what was noted under a key, or None."""
        row = self.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def note(self, key: str, value: Any) -> None:
        """Note a value under a key."""
        self.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, json.dumps(value)))

    def place(self, path: bytes) -> str:
        """Return the path at which a worker finds a source."""
        return str(self.stdin) if path == STDIN_KEY and self.stdin is not None else os.fsdecode(path)

    def plan(self, found: Iterable[Found], settings: str, kind: str = FOLDERS) -> int:
        """Write down what this run is to do, in one go; return the number of the run.

        A source known from before keeps its folder. A source whose digest under the same settings is known and whose
        time stamp has not changed stays done. `kind` is what the output folder holds: folders, or records of a format.
        """
        held = self.fact("kind") or kind
        if held != kind:
            raise LedgerError(f"{self.path.parent} holds {held}, not {kind} (--format); use another folder")
        self.note("kind", kind)
        self._kind = kind
        run = int(self.fact("run") or 0) + 1
        self.execute("BEGIN")
        try:
            for entry in found:
                self._expect(entry, run, settings)
            self._forget_mistaken(run)
            self.note("run", run)
            self.note("settings", settings)
            self.execute("COMMIT")
        except BaseException:
            with suppress(LedgerError):
                self.execute("ROLLBACK")
            raise
        return run

    def _expect(self, found: Found, run: int, settings: str) -> None:
        size, stamp, problem = _about(found)
        path = os.fsencode(found.path if found.path == STDIN else os.path.abspath(found.path))  # noqa: PTH100
        row = self.execute(
            "SELECT id, stamp, settings, state, folder, files FROM source WHERE path = ?", (path,)
        ).fetchone()
        if row is None:
            folder = targets.target(found.name, self._taken)
            self.execute(
                "INSERT INTO source (path, name, folder, folder_key, seen, bytes, stamp, state, cause) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (path, os.fsencode(found.name), os.fsencode(folder), os.fsencode(targets.key(folder)), run, size, stamp)
                + (("failed", problem) if problem else ("waiting", "")),
            )
            return
        identity, known_stamp, known_settings, state, folder, files = row
        if problem:
            state, cause = "failed", problem
        else:
            known = state == "done" and (known_stamp, known_settings) == (stamp, settings)
            same = known and (self._kind != FOLDERS or self._stands(folder, files))
            state, cause = ("done" if same else state if state == "begun" else "waiting"), ""
        self.execute(
            "UPDATE source SET seen = ?, bytes = ?, stamp = ?, state = ?, cause = ? WHERE id = ?",
            (run, size, stamp, state, cause, identity),
        )

    def _forget_mistaken(self, run: int) -> None:
        """Forget what was asked for earlier, was not there and left nothing behind: a mistyped name."""
        rows = self.execute(
            "SELECT id, path FROM source WHERE seen < ? AND state = 'failed' AND files = 0", (run,)
        ).fetchall()
        for identity, path in rows:
            if not os.path.lexists(path):
                self.forget(identity)

    def _stands(self, folder: bytes, files: int) -> bool:
        """Tell whether an output is still there, by the number of its files."""
        try:
            names = os.listdir(self.path.parent / os.fsdecode(folder))  # noqa: PTH208
        except OSError:
            return False
        return sum(not name.startswith(TEMPORARY) for name in names) >= files

    def _taken(self, folder_key: str) -> bool:
        """Tell whether a folder belongs to a source that still exists; that of a vanished one is free again."""
        row = self.execute("SELECT id, path FROM source WHERE folder_key = ?", (os.fsencode(folder_key),)).fetchone()
        if row is None:
            return False
        if os.path.lexists(row[1]) or row[1] == STDIN_KEY:
            return True
        self.execute("DELETE FROM source WHERE id = ?", (row[0],))
        return False

    def left(self, run: int, settings: str) -> Iterator[Entry]:
        """Yield what is left to do, largest first; only rows the caller has not yet reached may change meanwhile."""
        last = (1 << 62, 0)
        while True:
            rows = self.execute(
                "SELECT id, path, name, folder, bytes, CASE WHEN settings = ? THEN digest ELSE '' END FROM source "
                "WHERE seen = ? AND state IN ('waiting', 'begun') AND (bytes < ? OR (bytes = ? AND id > ?)) "
                "ORDER BY bytes DESC, id LIMIT 1000",
                (settings, run, last[0], last[0], last[1]),
            ).fetchall()
            if not rows:
                return
            for row in rows:
                name, folder = map(os.fsdecode, row[2:4])
                yield Entry(row[0], self.place(row[1]), name, folder, row[4], row[5])
            last = (rows[-1][4], rows[-1][0])

    def begin(self, identities: Iterable[int]) -> None:
        """Write down that these sources are in the hands of a worker."""
        marks = ", ".join(str(int(identity)) for identity in identities)
        self.execute(f"UPDATE source SET state = 'begun', digest = '' WHERE id IN ({marks})")

    def in_hand(self) -> list[str]:
        """Return the folders of the sources that are in the hands of workers."""
        rows = self.execute("SELECT folder FROM source WHERE state = 'begun'").fetchall()
        return [os.fsdecode(folder) for (folder,) in rows]

    def finish(self, entry: Entry, settings: str, *, digest: str, files: int, confidence: float, counts: Tally) -> None:
        """Write down that a source is done."""
        values = counts.as_dict()
        self.execute(FINISH, (settings, digest, files, confidence, *(values[count] for count in COUNTS), entry.id))

    def keep(self, entry: Entry) -> None:
        """Write down that a source turned out to be done already: its bytes are those of the last time."""
        self.execute("UPDATE source SET state = 'done', cause = '', digest = ? WHERE id = ?", (entry.digest, entry.id))

    def fail(self, identity: int, cause: str) -> None:
        """Write down that a source failed."""
        self.execute("UPDATE source SET state = 'failed', cause = ? WHERE id = ?", (cause, identity))

    def failures(self, run: int = 0) -> Iterator[tuple[str, str]]:
        """Yield (path, cause) of the sources that failed and that a run met, or one after it."""
        for path, cause in self.execute(
            "SELECT path, cause FROM source WHERE seen >= ? AND state = 'failed' ORDER BY path", (run,)
        ):
            yield os.fsdecode(path), cause

    def outputs(self) -> Iterator[tuple[str, str]]:
        """Yield (name, folder) of the sources that are done."""
        for name, folder in self.execute("SELECT name, folder FROM source WHERE state = 'done' ORDER BY id"):
            yield os.fsdecode(name), os.fsdecode(folder)

    def vanished(self, run: int) -> Iterator[tuple[int, str, str]]:
        """Yield (id, path, folder) of sources that this run did not meet and that no longer exist."""
        for identity, path, folder in self.execute(
            "SELECT id, path, folder FROM source WHERE seen < ? ORDER BY folder DESC", (run,)
        ).fetchall():
            if not os.path.lexists(path) and path != STDIN_KEY:
                yield identity, os.fsdecode(path), os.fsdecode(folder)

    def forget(self, identity: int) -> None:
        """Take a source out of the ledger."""
        self.execute("DELETE FROM source WHERE id = ?", (identity,))

    def count(self, run: int, state: str) -> int:
        """Return how many sources of a run are in a state."""
        return int(self.execute("SELECT count(*) FROM source WHERE seen = ? AND state = ?", (run, state)).fetchone()[0])

    def measure(self, run: int) -> tuple[int, int]:
        """Return how many files and bytes a run has left to do."""
        row = self.execute(
            "SELECT count(*), coalesce(sum(bytes), 0) FROM source WHERE seen = ? AND state IN ('waiting', 'begun')",
            (run,),
        ).fetchone()
        return int(row[0]), int(row[1])

    def states(self) -> dict[str, int]:
        """Return how many sources there are in each state."""
        return dict(self.execute("SELECT state, count(*) FROM source GROUP BY state").fetchall())

    def tally(self, run: int | None = None) -> Tally:
        """Return the counts of all sources that are done, or of those that a run met."""
        columns = "".join(f", coalesce(sum({count}), 0)" for count in COUNTS)
        where = "" if run is None else f" AND seen = {run:d}"
        row = self.execute(f"SELECT count(*){columns} FROM source WHERE state = 'done'{where}").fetchone()
        return Tally(row[0], **dict(zip(COUNTS, row[1:], strict=True)))

    def doubtful(self, limit: int) -> list[tuple[str, float, int]]:
        """Return (folder, confidence, doubtful decisions) of the sources that are done, least sure first."""
        rows = self.execute(
            "SELECT folder, confidence, doubtful FROM source WHERE state = 'done' AND doubtful > 0 "
            "ORDER BY confidence, doubtful DESC, folder LIMIT ?",
            (limit,),
        )
        return [(os.fsdecode(folder), sure, count) for folder, sure, count in rows]


def _opened_to_read(path: Path) -> sqlite3.Connection:
    """Open a ledger that a run may be writing, or one on a disk that cannot be written; raise sqlite3.Error."""
    base = sqlite3.connect(path, isolation_level=None, timeout=0.2)
    try:
        base.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        base.close()
        base = sqlite3.connect(f"file:{quote(os.fsencode(path.absolute()))}?immutable=1", uri=True)
    return base


def _about(found: Found) -> tuple[int, str, str]:
    """Return size, time stamp and problem of a file, without opening it."""
    if found.problem:
        return 0, "", found.problem
    if found.path == STDIN:
        return 0, f"at {time.time_ns()}", ""  # nobody knows whether it is what it was
    try:
        about = os.stat(found.path)  # noqa: PTH116
        decided = f" {_stamp(os.stat(found.decisions))}" if found.decisions else ""  # noqa: PTH116
    except OSError as error:
        return 0, "", cause_of(error)
    return about.st_size, _stamp(about) + decided, ""


def _stamp(about: os.stat_result) -> str:
    return f"{about.st_size}-{about.st_mtime_ns}-{about.st_ctime_ns}-{about.st_ino}"
