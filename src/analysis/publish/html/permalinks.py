"""A link to itself for each heading, chart and table, so that a reader can cite it.

The link stands before the heading, not in it, so that the heading keeps its name; it says
what it leads to. Charts and tables keep their anchor from run to run and from borough to
borough, and so do headings: theirs is the name of the cell that opens the section.
"""

from __future__ import annotations

import re
from html import escape

from analysis.publish.html.markdown import plain_text

_HEADING = re.compile(r'<h([23])\b[^>]*\bid="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_FIGURE = re.compile(
    r'<figure class="csp-(chart|table)" id="([^"]+)"[^>]*>'
    r'(?=.*?(?:<p class="csp-chart-title"|<caption)>(.*?)</(?:p|caption)>)',
    re.DOTALL,
)


def with_permalinks(html: str) -> str:
    """Markup of this package with a link before each heading and inside each figure.

    Parameters
    ----------
    html : str
        Headings of the second and third level, charts and tables that carry an identifier
        get theirs.

    Returns
    -------
    str

    Examples
    --------
    >>> with_permalinks('<h2 id="fell">Crime <em>fell</em></h2>')
    '<a class="csp-permalink" href="#fell" aria-label="Link to: Crime fell">#</a><h2 ...'
    """
    html = _HEADING.sub(lambda found: _link(found[2], "", found[3]) + found[0], html)
    return _FIGURE.sub(lambda found: found[0] + _link(found[2], found[1], found[3]), html)


def _link(anchor: str, kind: str, title: str) -> str:
    label = f"Link to {kind}: {plain_text(title)}".replace(" :", ":")
    return f'<a class="csp-permalink" href="#{anchor}" aria-label="{escape(label)}">#</a>'
