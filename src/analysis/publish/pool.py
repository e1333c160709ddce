"""Workers that build reports, several at a time; one that is killed costs no other report."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.project import project_root
from analysis.publish.execute import BuildOrder, BuildResult, build_report, prepare_worker
from analysis.publish.ledger import now
from analysis.publish.plan import PlannedReport, notebook_path

KILLED = (
    "the process that built it was killed, and killed again when it was built alone (out of "
    "memory?). Close other programs, or build it where there is more memory"
)


def build_orders(needed: Sequence[PlannedReport], scratch: Path) -> list[BuildOrder]:
    """What the workers are told, each report with a scratch folder of its own."""
    orders = []
    for one in needed:
        folder = own_scratch(one, scratch)
        folder.mkdir(parents=True)
        order = BuildOrder(
            area_code=one.job.area_code,
            area_name=one.job.area_name,
            notebook=one.job.notebook,
            params=dict(one.job.params),
            parts=dict(one.parts),
            content_key=one.content_key,
            notebook_path=str(notebook_path(one.job.notebook)),
            scratch=str(folder),
        )
        orders.append(order)
    return orders


def own_scratch(one: PlannedReport, scratch: Path) -> Path:
    """Where one report is built before it is moved to its place."""
    return (scratch / one.job.area_code / one.job.notebook).resolve()


def built_reports(
    orders: Sequence[BuildOrder], jobs: int
) -> Iterator[tuple[int, str, BuildResult]]:
    """Each order's place, when it was begun, and its result, as it is finished.

    A worker that is killed takes its pool with it, and with that every report then being
    built. Each of those is built once more, alone, which tells who was at fault; then the
    rest go on in a new pool.
    """
    waiting = list(range(len(orders)))
    with tempfile.TemporaryDirectory(prefix="csp-", ignore_cleanup_errors=True) as private:
        while waiting:
            lost = []
            with _pool(jobs, private) as pool:
                for place, started, result in _built_in(pool, orders, waiting, jobs):
                    if result is None:
                        lost.append(place)
                    else:
                        yield place, started, result
            for place in lost:
                yield _built_alone(orders, place, private)


def _built_alone(
    orders: Sequence[BuildOrder], place: int, private: str
) -> tuple[int, str, BuildResult]:
    with _pool(1, private) as pool:
        ((_, started, result),) = _built_in(pool, orders, [place], 1)
    return place, started, result or _failure(orders[place], KILLED, is_accident=True)


def _built_in(
    pool: ProcessPoolExecutor, orders: Sequence[BuildOrder], waiting: list[int], jobs: int
) -> Iterator[tuple[int, str, BuildResult | None]]:
    """As they are finished; None for one that was lost with its pool."""
    running: dict[Future[BuildResult], tuple[int, str]] = {}
    is_broken = False
    while (waiting and not is_broken) or running:
        while waiting and len(running) < jobs and not is_broken:
            place = waiting.pop(0)
            try:
                running[pool.submit(build_report, orders[place])] = (place, now())
            except BrokenProcessPool:
                waiting.insert(0, place)
                is_broken = True
        # A limit, so that Ctrl-C is heard on Windows too.
        for future in wait(running, timeout=1, return_when=FIRST_COMPLETED).done:
            place, started = running.pop(future)
            result = _result(future, orders[place])
            is_broken = is_broken or result is None
            yield place, started, result


def _result(future: Future[BuildResult], order: BuildOrder) -> BuildResult | None:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenProcessPool):
        return None
    is_ours = isinstance(error, AnalysisError)
    return _failure(order, str(error) if is_ours else f"{type(error).__name__}: {error}")


def _failure(order: BuildOrder, why: str, *, is_accident: bool = False) -> BuildResult:
    sentence = f"{order.area_name}: {order.notebook} failed: {why}"
    return BuildResult(0.0, error=sentence, is_accident=is_accident)


@contextmanager
def _pool(jobs: int, private: str) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(
        max_workers=jobs,
        # Not forked: a fork would carry this process's threads and locks half-way along.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=prepare_worker,
        initargs=(str(project_root()), private),
    )
    try:
        yield pool
    except BaseException:
        # The kernels see their worker go, and go too.
        for worker in list((pool._processes or {}).values()):
            worker.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown(wait=True)
