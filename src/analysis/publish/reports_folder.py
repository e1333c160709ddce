"""The folder of reports while a run has it: writable, held by one run, left in good order."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import UsageError

SCRATCH_NAME = ".building"
LOCK_NAME = ".building.lock"


def make_writable(out: Path) -> None:
    """Make the folder, and refuse one that cannot be written.

    Raises
    ------
    UsageError
        With the folder, the reason, and how to name another.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        message = (
            f"{out}: no reports can be written here ({error.strerror}). Name a folder of your "
            "own with --out, such as --out reports."
        )
        raise UsageError(message) from None


@contextmanager
def scratch_folder(out: Path) -> Iterator[Path]:
    """A folder in which reports are built, beside their places; gone afterwards."""
    scratch = out / SCRATCH_NAME
    # What a run that was killed has left.
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def only_run(out: Path) -> Iterator[None]:
    """Hold the folder for this run; the system lets go of it however the run ends.

    Raises
    ------
    UsageError
        If another run holds it.
    """
    with (out / LOCK_NAME).open("a") as handle:
        try:
            _lock(handle.fileno())
        except OSError:
            message = f"{out}: another 'csp run' is building here. Wait for it, or use --out."
            raise UsageError(message) from None
        # The file stays: whoever opened it before it went would hold one that nobody sees.
        yield


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def stopped_by_signal() -> Iterator[None]:
    """Take a polite kill for Ctrl-C: both end the run in good order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
