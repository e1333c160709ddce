"""What is taken out of an executed notebook, so that the same inputs give the same bytes."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.publish.execute import settle_notebook


@pytest.mark.parametrize(
    ("names", "settled"),
    [
        (["lowest-rate", "how-sure-are-we"], ["lowest-rate", "how-sure-are-we"]),
        # Made up by nbformat, anew each time a notebook without names is read.
        (["3f9d0c52", "0badcafe"], ["cell-1", "cell-2"]),
        (["cell-2", "3f9d0c52", "lowest-rate"], ["cell-2", "cell-2-2", "lowest-rate"]),
    ],
)
def test_cells_keep_their_name_and_made_up_ones_are_counted(
    names: list[str], settled: list[str]
) -> None:
    notebook = new_notebook(cells=[new_code_cell("1", id=name) for name in names])
    settle_notebook(notebook)
    assert [cell["id"] for cell in notebook.cells] == settled
    nbformat.validate(notebook)


def test_warnings_are_handed_back_and_not_kept_in_the_notebook() -> None:
    outputs = [
        new_output("stream", name=name, text=f"to {name}") for name in ("stdout", "stderr")
    ]
    notebook = new_notebook(cells=[new_code_cell("1", outputs=outputs)])
    assert settle_notebook(notebook) == "to stderr"
    assert [output.text for output in notebook.cells[0].outputs] == ["to stdout"]
