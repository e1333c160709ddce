"""Seconds and peak memory of building the default reports, and the machine they were taken on.

    python benchmarks/reports.py [--jobs N] [--times 3] [--borough NAME ...]

The reports go into a folder that is thrown away, so each time they are all built. Memory is
that of all processes together (the command, its workers and their kernels), looked at ten
times a second; on Linux a page that several processes share counts once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
import psutil

from data_build import machine

_CSP = [sys.executable, "-c", "from analysis.cli import main; main()"]
_MIB = 2**20
_LOOK_EVERY_SECONDS = 0.1


@click.command()
@click.option("--jobs", type=click.IntRange(min=1), help="Default that of 'csp run'.")
@click.option("--times", default=3, show_default=True, help="How often to build.")
@click.option("--borough", "boroughs", multiple=True, help="Default those of the project.")
def measure(jobs: int | None, times: int, boroughs: tuple[str, ...]) -> None:
    """Build the reports and print a line a time, then a line a report."""
    print(machine())
    options = ["--jobs", str(jobs)] if jobs else []
    options += [part for name in boroughs for part in ("--borough", name)]
    for number in range(1, times + 1):
        with tempfile.TemporaryDirectory() as folder:
            seconds, peak = build_once([*options, "--out", folder])
            reports = built(Path(folder))
        print(
            f"csp run, {number} of {times}: {len(reports)} reports in {seconds:.1f} s, "
            f"peak memory of all processes {peak / _MIB:,.0f} MiB"
        )
    for report in reports:
        print(f"  {report}")


def build_once(options: list[str]) -> tuple[float, int]:
    """Seconds and peak bytes of one ``csp run`` that builds everything."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [*_CSP, "run", "--cold", *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    peaks = [0]
    watcher = threading.Thread(target=watch, args=(process.pid, peaks), daemon=True)
    watcher.start()
    said = process.communicate()[1].decode()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise click.ClickException(said)
    return seconds, max(peaks)


def watch(pid: int, peaks: list[int]) -> None:
    """Keep the largest memory of a process and all below it, until it ends."""
    try:
        root = psutil.Process(pid)
        while root.is_running() and root.status() != psutil.STATUS_ZOMBIE:
            family = [root, *root.children(recursive=True)]
            peaks[0] = max(peaks[0], sum(map(memory_bytes, family)))
            time.sleep(_LOOK_EVERY_SECONDS)
    except psutil.NoSuchProcess:
        return


def memory_bytes(process: psutil.Process) -> int:
    """Memory of one process, its part of what it shares; nought once it has ended."""
    try:
        memory = (
            process.memory_full_info() if sys.platform == "linux" else process.memory_info()
        )
    except psutil.Error:
        return 0
    return int(getattr(memory, "pss", memory.rss))


def built(folder: Path) -> list[str]:
    """A line a report, from the ledger: borough, notebook, seconds, its kernel's peak."""
    told = subprocess.run(
        [*_CSP, "status", "--json", "--out", str(folder)], check=True, capture_output=True
    )
    return [
        f"{row['area_code']} {row['notebook']}: {row['seconds']:.1f} s, kernel "
        f"{row['peak_memory_mb']:.0f} MiB"
        for row in json.loads(told.stdout)["reports"]
    ]


if __name__ == "__main__":
    measure()
