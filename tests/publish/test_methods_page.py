"""The page of methods says what the code says, and is the one that is committed."""

from pathlib import Path

import pytest

from analysis.project import project_root
from analysis.publish.methods_page import PAGE_PATH, methods_page

MODULE = '''"""Rates with limits.

From ``counts``; see :func:`poisson`. Known weakness: visitors.
"""

SMALL = 10
# Below ten the limits are exact,
# as public health has it.

BARE = 3

def crime_rate(counts):
    """Recorded crime
    per 1,000 residents.

    Parameters
    ----------
    counts : Series

    References
    ----------
    Breslow & Day (1987),
    vol. II.

    Examples
    --------
    >>> crime_rate(1)
    """

def _hidden():
    """Never told."""
'''


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "analysis" / "measures" / "rates.py"
    path.parent.mkdir(parents=True)
    path.write_text(MODULE, encoding="utf-8")
    (path.parent / "__init__.py").write_text('"""Measures."""\n', encoding="utf-8")
    return tmp_path / "analysis"


def test_a_module_is_told_with_its_functions_and_reasoned_constants(package: Path) -> None:
    section = methods_page(package).partition("## Measures\n")[2].partition("\n## ")[0]
    assert section == (
        "\n### Rates with limits\n\n`analysis.measures.rates`\n\n"
        "From `counts`; see `poisson`. Known weakness: visitors.\n\n"
        "- `crime_rate`: Recorded crime per 1,000 residents. *Breslow & Day (1987), vol. II.*\n"
        "- `SMALL = 10`: Below ten the limits are exact, as public health has it.\n"
    )


def test_every_measure_forecast_and_target_of_the_package_is_told() -> None:
    package = project_root() / "src/analysis"
    page = methods_page(package)
    for room in ("measures", "forecasts", "targets"):
        for path in (package / room).glob("[!_]*.py"):
            assert f"`analysis.{room}.{path.stem}`" in page


def test_the_page_of_methods_is_current() -> None:
    written = (project_root() / PAGE_PATH).read_text(encoding="utf-8")
    assert written == methods_page(project_root() / "src/analysis"), (
        "run: python -m analysis.publish.methods_page"
    )
