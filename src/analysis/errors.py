"""Every exception the package raises on purpose, and the exit code of each.

A message says what is wrong, where, and how to mend it, and names the offending
values. It never quotes a row about a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AnalysisError(Exception):
    """Base of every deliberate failure; the command line prints its sentence."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        # What a notebook shows in place of forty lines of the package's own code.
        return [f"{type(self).__name__}: {self}"]


class ReportError(AnalysisError):
    """A report could not be built; the others may have been."""

    exit_code = 1


class UsageError(AnalysisError):
    """The command, a parameter or a parameter file is wrong."""

    exit_code = 2


class ParamsError(UsageError):
    """A file in ``params/`` or a value given for a parameter is wrong."""


class DataContractError(AnalysisError):
    """A table breaks its contract: names, types, ranges, areas, months, duplicates."""

    exit_code = 3


class SourceError(DataContractError):
    """A published file is missing, truncated, altered or not what it claims to be."""


class ComparabilityError(DataContractError):
    """A comparison was asked for that the figures cannot honestly support."""


class InterruptedRunError(AnalysisError):
    """A run was stopped before its end; ``csp resume`` finishes it."""

    exit_code = 4


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A closing question naming the nearest known word, or nothing.

    Parameters
    ----------
    word : str
        What was given.
    known : iterable of str
        What would have been accepted.

    Returns
    -------
    str
        ``" Did you mean 'x'?"``, with its leading space, or ``""``.

    Examples
    --------
    >>> did_you_mean("camdem", ["Camden", "Barnet"])
    " Did you mean 'Camden'?"
    >>> did_you_mean("zzz", ["Camden", "Barnet"])
    ''
    """
    by_folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f" Did you mean '{by_folded[close[0]]}'?" if close else ""
