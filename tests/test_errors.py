"""Each kind of failure has the exit code that scripts rely on."""

from __future__ import annotations

import pytest

from analysis import errors
from analysis.errors import AnalysisError, did_you_mean

CODES = {
    "ReportError": 1,
    "UsageError": 2,
    "ParamsError": 2,
    "DataContractError": 3,
    "SourceError": 3,
    "ComparabilityError": 3,
    "InterruptedRunError": 4,
}


def test_every_failure_has_the_exit_code_that_the_command_line_promises() -> None:
    kinds = {
        name: kind
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, AnalysisError)
    }
    del kinds["AnalysisError"]
    assert {name: kind.exit_code for name, kind in kinds.items()} == CODES


@pytest.mark.parametrize(
    ("word", "question"),
    [
        ("harow", " Did you mean 'Harrow'?"),
        ("HAVERIN", " Did you mean 'Havering'?"),
        ("Paris", ""),
        ("", ""),
    ],
)
def test_a_near_word_is_offered_and_a_far_one_is_not(word: str, question: str) -> None:
    assert did_you_mean(word, ["Harrow", "Havering", "Sutton"]) == question


def test_nothing_known_means_nothing_offered() -> None:
    assert did_you_mean("harrow", []) == ""
