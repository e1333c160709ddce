"""Seconds and peak memory of ``csp data build``, and the machine they were taken on.

    python benchmarks/data_build.py --mirror DIR [--times 3]

The figures are compiled into a folder that is thrown away. Each time is a process of its
own, so that imports count and nothing is warm but the disk. Needs Linux or macOS: peak
memory is the kernel's own account of the finished process.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

_COMMAND = [sys.executable, "-c", "from analysis.cli import main; main()", "data", "build"]
_KIB = 1024


@click.command()
@click.option("--mirror", envvar="CSP_MIRROR", required=True, help="Published files.")
@click.option("--times", default=3, show_default=True, help="How often to build.")
def measure(mirror: str, times: int) -> None:
    """Build the figures and print a line a time."""
    print(machine())
    for number in range(1, times + 1):
        seconds, size = build_once(mirror)
        print(
            f"csp data build, {number} of {times}: {seconds:.1f} s, peak memory of the runs "
            f"so far {peak_mebibytes():,.0f} MiB, {size / _KIB**2:.1f} MiB of figures"
        )


def machine() -> str:
    """Processor, memory, system and Python, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _KIB**3
    return (
        f"{platform.system()} {platform.machine()}, {processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, Python {platform.python_version()}"
    )


def processor() -> str:
    """Model of the processor where the system tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "processor not told"


def build_once(mirror: str) -> tuple[float, int]:
    """Seconds of one build, and bytes of the package that it made."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures"
        start = time.perf_counter()
        subprocess.run(
            [*_COMMAND, "--mirror", mirror, "--out", str(out)], check=True, capture_output=True
        )
        seconds = time.perf_counter() - start
        return seconds, sum(path.stat().st_size for path in out.iterdir())


def peak_mebibytes() -> float:
    """Largest resident memory of any finished run."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # Linux counts in kibibytes, macOS in bytes.
    return peak / _KIB if sys.platform != "darwin" else peak / _KIB**2


if __name__ == "__main__":
    measure()
