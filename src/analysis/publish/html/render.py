"""The page as one file of HTML, from the project's own templates.

Kept apart from the exporter, because nbconvert takes seconds to import and ``csp run`` can
do without it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import analysis
from analysis.publish.html.guard import CONTENT_SECURITY_POLICY, refuse_active_content
from analysis.publish.html.page import Page
from analysis.publish.manifest import IN_WORDS

TEMPLATES = Path(__file__).parent / "template"

_MADE_FROM = {
    "notebook": "The notebook",
    "parameters": "The parameters given",
    "params": "The files in params/",
    "program": "The program",
    "figures": "The figures in data/figures/",
    "reference": "The tables in data/reference/",
    "detail": "Published files loaded beside the figures (which of them)",
    "records": "Partner records and their templates",
    "lock": "The locked packages (requirements.lock)",
}
# The parts of a content key, as a reader of the report would call them.


def render_page(page: Page, *, where: str) -> str:
    """The page as HTML, looked at before it is handed out.

    Parameters
    ----------
    page : Page
    where : str
        What page it is, for the error.

    Returns
    -------
    str

    Raises
    ------
    ReportError
        If the page would act or fetch.
    """
    parts = page.about.get("parts", {})
    html = (
        environment()
        .get_template("report.html.j2")
        .render(
            page=page,
            made_from=[(_MADE_FROM[part], parts[part]) for part in IN_WORDS if part in parts],
            version=analysis.__version__,
        )
    )
    refuse_active_content(html, where)
    return html


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, everything put into them escaped unless this package made it."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["made_here"] = Markup
    found.globals["policy"] = CONTENT_SECURITY_POLICY
    found.globals["style"] = Markup(_styles())
    return found


def _styles() -> str:
    charts = Path(analysis.__file__).parent / "charts/charts.css"
    return "\n".join(path.read_text("utf-8") for path in (TEMPLATES / "style.css", charts))
