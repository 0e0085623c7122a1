"""Stages that harm the process they run in, each at a word, so that tests see what becomes of the rest of the work."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from cleanup.document import Draft
from cleanup.proposal import Proposal

PATIENCE = 60.0  # seconds
CRASH, HANG, HUNGER, ONCE, ALWAYS = "毒甲", "毒乙", "毒丙", "毒丁", "毒戊"


def harm(draft: Draft, rulebook: Any, options: Any) -> Proposal:
    """Crash, hang or eat memory at each sight of a word; at another, kill the actor once.

    No actor begins before there is a second one, so that the work is shared out on however busy a machine.
    """
    folder = Path(os.environ["CLEANUP_TEST_PLACE"])
    (folder / f"actor-{os.getppid()}").touch()
    waited = time.monotonic()
    while len(list(folder.glob("actor-*"))) < 2 and time.monotonic() - waited < PATIENCE:
        time.sleep(0.1)
    if CRASH in draft.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if HANG in draft.text:
        time.sleep(600)
    if HUNGER in draft.text:
        bytearray(1 << 40)
    if ONCE in draft.text and not (folder / "killed").exists():
        (folder / "killed").write_text(str(os.getppid()))
        os.kill(os.getppid(), signal.SIGKILL)
    if ALWAYS in draft.text:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(PATIENCE)  # nothing more is heard of this row
    return Proposal()
