"""Formulas of a notebook's Markdown as MathML, which a browser sets by itself.

A formula is written as in JupyterLab, ``$...$`` or ``$$...$$``; it is converted when the
page is made, so that the page needs neither script nor network. Only the elements and
attributes of the allow-list come through: what a formula could link to or dress up as is
left out, and its numbers and letters stay.
"""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree

from latex2mathml.converter import convert

from analysis.errors import ReportError
from analysis.publish.html.allowed import EVERYWHERE, FORMULA

_HEAD = {"math": {"display", "alttext"}}
# The name space is HTML's own business.


def formula_markup(latex: str, *, is_block: bool) -> str:
    r"""A formula as a ``<math>`` element that says in ``alttext`` what was written.

    Parameters
    ----------
    latex : str
    is_block : bool
        Whether it stands on a line of its own.

    Returns
    -------
    str

    Raises
    ------
    ReportError
        If it cannot be read, or holds a command that is not known.

    Examples
    --------
    >>> formula_markup("x", is_block=False)
    '<math display="inline" alttext="x"><mrow><mi>x</mi></mrow></math>'
    >>> formula_markup(r"\href{javascript:a}{x}", is_block=False).count("href=")
    0
    """
    text = " ".join(latex.split())
    try:
        root = ElementTree.fromstring(convert(text, display="block" if is_block else "inline"))
    except Exception as error:
        # The converter has an exception of its own for each kind of slip, and IndexError.
        raise ReportError(_unreadable(text, type(error).__name__)) from None
    root.set("alttext", text)
    return _markup(root, text)


def _markup(element: ElementTree.Element, latex: str) -> str:
    tag = element.tag.rpartition("}")[2]
    words = element.text or ""
    if "\\" in words:
        raise ReportError(_unreadable(latex, f"no command {words.strip()}"))
    inside = escape(words, quote=False) + "".join(_markup(one, latex) for one in element)
    if tag not in FORMULA:
        return inside
    kept = "".join(
        f' {name}="{escape(value)}"'
        for name, value in element.attrib.items()
        if name in _HEAD.get(tag, FORMULA[tag] - EVERYWHERE)
    )
    return f"<{tag}{kept}>{inside}</{tag}>"


def _unreadable(latex: str, why: str) -> str:
    return (
        f"The formula '{latex[:60]}' cannot be read ({why}). Mend it, or write \\$ for a "
        "dollar sign that begins no formula."
    )
