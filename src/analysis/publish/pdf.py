"""A report as a PDF, printed by the Chromium that is on the machine.

The page is printed as it stands, in its own print style: A4, tagged, with bookmarks, language
and title from the page. The browser is driven by its command line alone, in a profile of its
own that is thrown away, and is given no longer than a limit. What a PDF was printed from, the
page's SHA-256, is written into it and the times are taken out, so that the same page printed
by the same browser gives the same PDF, and one that is behind its page is known.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from analysis.errors import ReportError, UsageError
from analysis.publish.manifest import file_sha256

BROWSER_VARIABLE = "CSP_BROWSER"
# Names the browser that prints, where it is not on the search path.

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
# All are Chromium: no other browser writes tagged PDF from the command line.

LIMIT_SECONDS = 180
# A report takes two; a machine busy with other things may need far longer.

_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)
_TIMES = re.compile(rb"/(?:CreationDate|ModDate) \(D:[0-9+'Z-]{10,24}\)")
_STAMP = b"% printed from the page of SHA-256 "
_LAST_BYTES = 512
# The stamp is a comment before the last lines of the file, where no offset follows it.


def find_browser(named: str = "") -> str:
    """Path of the browser that prints.

    Parameters
    ----------
    named : str
        Path or name; without it ``CSP_BROWSER``, then what is on the search path.

    Returns
    -------
    str

    Raises
    ------
    UsageError
        If there is none.
    """
    named = named or os.environ.get(BROWSER_VARIABLE, "")
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    if found is not None:
        return found
    what = f"{named}: no such browser" if named else f"no browser ({', '.join(BROWSERS)})"
    message = (
        f"{what} to print with. Install Chromium, Chrome or Edge (Debian and Ubuntu: apt-get "
        f"install chromium), or name one with --browser or {BROWSER_VARIABLE}. Without one "
        "the pages can still be read, and printed from any browser."
    )
    raise UsageError(message)


def print_page(
    page: Path, pdf: Path, browser: str, *, limit_seconds: float = LIMIT_SECONDS
) -> None:
    """Print a page of the project's own; the PDF is there whole or not at all.

    Parameters
    ----------
    page : Path
        Holds no script and asks for nothing, as every report.
    pdf : Path
        What to write; one that is there stays until the new one is finished.
    browser : str
        As :func:`find_browser` gives it.
    limit_seconds : float
        The browser is ended after that.

    Raises
    ------
    ReportError
        If the browser does not answer in time or writes no PDF, or the PDF cannot be put
        in its place.
    """
    try:
        _print_beside(page, pdf, browser, limit_seconds)
    except OSError as error:
        message = (
            f"{pdf}: cannot be written ({error.strerror}). Close it where it is open, and see "
            "that its folder can be written."
        )
        raise ReportError(message) from None


def is_printed_from(pdf: Path, page_sha256: str) -> bool:
    """Whether a PDF was printed from the page with that SHA-256.

    Parameters
    ----------
    pdf : Path
        May be missing.
    page_sha256 : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_printed_from(Path("nowhere.pdf"), "0" * 64)
    False
    """
    try:
        with pdf.open("rb") as handle:
            handle.seek(max(0, pdf.stat().st_size - _LAST_BYTES))
            return _STAMP + page_sha256.encode() in handle.read()
    except OSError:
        return False


def _print_beside(page: Path, pdf: Path, browser: str, limit_seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="printing-", dir=pdf.parent) as scratch:
        # Beside its place, since some browsers may not write to the system's scratch folder.
        printed = Path(scratch) / pdf.name
        _print(page, printed, browser, limit_seconds)
        content = printed.read_bytes() if printed.is_file() else b""
        if not (content.startswith(b"%PDF-") and b"%%EOF" in content[-_LAST_BYTES:]):
            message = (
                f"{page}: {browser} wrote no whole PDF. See that it is Chromium 122 or newer "
                f"and prints a page: {browser} --headless --print-to-pdf {page.name}"
            )
            raise ReportError(message)
        printed.write_bytes(_settled(content, file_sha256(page)))
        printed.replace(pdf)


def _settled(content: bytes, page_sha256: str) -> bytes:
    """The PDF without its times, stamped; no object moves."""
    undated = _TIMES.sub(lambda found: b" " * len(found.group()), content)
    before, mark, after = undated.rpartition(b"startxref")
    return before + _STAMP + page_sha256.encode() + b"\n" + mark + after


def _print(page: Path, pdf: Path, browser: str, limit_seconds: float) -> None:
    with (
        tempfile.TemporaryDirectory(
            prefix="csp-browser-", ignore_cleanup_errors=True
        ) as profile,
        _started([browser, *_options(profile, pdf), page.resolve().as_uri()]) as running,
    ):
        try:
            running.wait(limit_seconds)
        except subprocess.TimeoutExpired:
            message = (
                f"{page}: {browser} did not print it within {limit_seconds:.0f} s and was "
                "ended. Close other programs and try again."
            )
            raise ReportError(message) from None


def _options(profile: str, pdf: Path) -> list[str]:
    own = [f"--user-data-dir={profile}", f"--print-to-pdf={pdf.resolve()}"]
    # As root, in a container, Chromium starts only without its sandbox. The page is the
    # project's own and runs nothing.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_OPTIONS, *own, *(["--no-sandbox"] if is_root else [])]


@contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A browser that is gone, with all it started, when the block is left."""
    try:
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        message = f"{command[0]}: cannot be started ({error.strerror}). Name another browser."
        raise UsageError(message) from None
    try:
        yield running
    finally:
        if running.poll() is None:
            _end(running)


def _end(running: subprocess.Popen[bytes]) -> None:
    started = psutil.Process(running.pid)
    family = [*started.children(recursive=True), started]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=10)
    running.wait()
