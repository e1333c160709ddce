"""What only the site prints is read, and no report is built for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import ParamsError
from analysis.params.site import Publisher, SiteParams, load_site_params
from analysis.publish.manifest import project_parts


def test_a_project_without_the_file_has_nobody_and_nothing_side_by_side(
    small_project: Path,
) -> None:
    (small_project / "params/site.yml").unlink()
    assert load_site_params() == SiteParams()
    assert SiteParams().publisher.missing == [
        "name", "email or telephone", "statement_prepared",
    ]  # fmt: skip


def test_either_way_to_be_reached_will_do() -> None:
    told = {"name": "A council", "statement_prepared": "3 March 2026"}
    assert Publisher(**told, telephone="020 7946 0000").missing == []
    assert Publisher(**told, email="a@b.uk").missing == []


@pytest.mark.parametrize(
    "text", ["publisher: {nmae: A}", "side_by_side: {targets: [{table: Not an id}]}"]
)
def test_a_fault_is_told_with_the_file(text: str, small_project: Path) -> None:
    (small_project / "params/site.yml").write_text(text)
    with pytest.raises(ParamsError, match=r"params/site\.yml"):
        load_site_params()


def test_no_report_depends_on_who_publishes_it(small_project: Path) -> None:
    before = project_parts(small_project)
    (small_project / "params/site.yml").write_text("publisher: {name: A council}")
    assert project_parts(small_project) == before
    (small_project / "params/priorities.yml").unlink()
    assert project_parts(small_project) != before
