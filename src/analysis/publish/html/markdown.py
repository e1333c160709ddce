"""Markdown of a notebook as HTML that can do nothing but be read.

Raw HTML is shown as the text it is; a link may go to a page, an address or an anchor; a
picture is given by its words, since a report makes no request and a picture without data
behind it is no evidence. A formula becomes MathML.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

import mistune

from analysis.publish.html.allowed import may_lead
from analysis.publish.html.anchors import Anchors
from analysis.publish.html.formulas import formula_markup
from analysis.wording import slug

_TAG = re.compile(r"<[^>]*>")


def render_markdown(text: str, anchors: Anchors) -> str:
    r"""Markdown as HTML, raw HTML escaped, headings from the second level down.

    Parameters
    ----------
    text : str
        Source of a Markdown cell, or a ``text/markdown`` output.
    anchors : Anchors
        Gives the headings their identifiers.

    Returns
    -------
    str

    Raises
    ------
    ReportError
        If a formula cannot be read.

    Examples
    --------
    >>> render_markdown("## Is it <b>up</b>?", Anchors())
    '<h2 id="is-it-b-up-b">Is it &lt;b&gt;up&lt;/b&gt;?</h2>\n'
    >>> render_markdown("[a](javascript:alert(1))", Anchors())
    '<p>a</p>\n'
    """
    renderer = _ReportRenderer(anchors)
    return str(mistune.create_markdown(renderer=renderer, plugins=["table", "math"])(text))


def plain_text(html: str) -> str:
    """Words of a piece of HTML that this package made.

    Examples
    --------
    >>> plain_text("Is it <em>up</em> &amp; why?")
    'Is it up & why?'
    """
    return unescape(_TAG.sub("", html)).strip()


class _ReportRenderer(mistune.HTMLRenderer):
    def __init__(self, anchors: Anchors) -> None:
        super().__init__(escape=True)
        self._anchors = anchors

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        level = max(level, 2)
        name = self._anchors.claim(slug(plain_text(text)))
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if not may_lead(url, is_download=False):
            return text
        return f'<a href="{escape(url)}">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def linebreak(self) -> str:
        # Not as XML: the guard takes an element that closes itself for a slip.
        return "<br>\n"

    def thematic_break(self) -> str:
        return "<hr>\n"

    def inline_math(self, text: str) -> str:
        return formula_markup(text, is_block=False)

    def block_math(self, text: str) -> str:
        return formula_markup(text, is_block=True) + "\n"

    def table(self, text: str) -> str:
        # Regions of one page need names of their own.
        name = self._anchors.claim("table").replace("-", " ").capitalize()
        return (
            f'<div class="csp-scroll" role="region" tabindex="0" aria-label="{name}">'
            f'<table class="csp-data">{text}</table></div>\n'
        )

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        # By class: no attribute of a report's page may hold a style.
        if head:
            kind = ' class="csp-n"' if align == "right" else ""
            return f'  <th scope="col"{kind}>{text}</th>\n'
        kind = "" if align == "right" else ' class="csp-t"'
        return f"  <td{kind}>{text}</td>\n"
