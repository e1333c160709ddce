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
from analysis.publish.html.guard import content_security_policy, refuse_active_content
from analysis.publish.html.page import Page
from analysis.publish.html.permalinks import with_permalinks
from analysis.publish.html.terms import terms_used
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
            terms=terms_used(_all_words(page)),
            made_from=[(_MADE_FROM[part], parts[part]) for part in IN_WORDS if part in parts],
            version=analysis.__version__,
            **page_frame(),
        )
    )
    html = with_permalinks(html)
    refuse_active_content(html, where)
    return html


def _all_words(page: Page) -> str:
    sections = [part for section in page.sections for part in section.html]
    return " ".join([page.vintage, *page.introduction, *page.preface, *sections])


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
    return found


def page_frame(*sheets: str, script: str = "") -> dict[str, Markup | str]:
    """What the head of a page needs: its style, its policy, and its script if it has one.

    Parameters
    ----------
    *sheets : str
        Names of style sheets in the template folder, after the report's own.
    script : str
        Name of the one script; a report has none.

    Returns
    -------
    dict of str to str
        ``style``, ``script`` and the ``policy`` that allows these two and nothing else.

    Examples
    --------
    >>> page_frame()["policy"].split("; ")[0]
    "default-src 'none'"
    """
    style = _styles(sheets)
    code = _read(script) if script else ""
    policy = content_security_policy(style, code)
    return {"style": Markup(style), "script": Markup(code), "policy": policy}


@lru_cache(maxsize=4)
def _styles(sheets: tuple[str, ...]) -> str:
    charts = Path(analysis.__file__).parent / "charts/charts.css"
    report = [_read("style.css"), charts.read_text("utf-8")]
    return "\n".join([*report, *map(_read, sheets)])


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")
