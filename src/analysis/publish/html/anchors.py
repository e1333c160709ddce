"""Anchors of a page: each identifier stands once, and what points to it still does."""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(r'(?<![-\w])id="([^"]*)"')
_LISTS = re.compile(
    r'(?<![-\w])(aria-labelledby|aria-describedby|aria-controls|headers|for)="([^"]*)"'
)
_MADE_UP = re.compile(r"[0-9a-f]{8}")
_LINKS = re.compile(r'(href="|url\()#([^")]+)')


class Anchors:
    """The identifiers a page has so far.

    Parameters
    ----------
    *taken : str
        Identifiers that the page's frame uses itself.

    Examples
    --------
    >>> anchors = Anchors("main")
    >>> anchors.claim("burglary-fell"), anchors.claim("burglary-fell"), anchors.claim("main")
    ('burglary-fell', 'burglary-fell-2', 'main-2')
    """

    def __init__(self, *taken: str) -> None:
        self._taken = set(taken)

    def __contains__(self, name: object) -> bool:
        """Whether the page has this identifier."""
        return name in self._taken

    def claim(self, wanted: str) -> str:
        """The identifier wanted, or the next free one after it."""
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}-{number}"
        self._taken.add(name)
        return name

    def settle(self, html: str) -> str:
        """A fragment whose identifiers clash with none before it.

        Parameters
        ----------
        html : str
            Markup made by this package, with double-quoted attributes.

        Returns
        -------
        str
            The fragment, what points to a renamed identifier renamed with it.

        Examples
        --------
        >>> anchors = Anchors("title")
        >>> anchors.settle('<svg aria-labelledby="title"><title id="title">A</title></svg>')
        '<svg aria-labelledby="title-2"><title id="title-2">A</title></svg>'
        """
        # A set, since a fragment that holds one identifier twice cannot be mended here.
        names = dict.fromkeys(_IDENTIFIER.findall(html))
        renamed = {name: self.claim(name) for name in names}
        if all(name == new for name, new in renamed.items()):
            return html

        def one(name: str) -> str:
            return renamed.get(name, name)

        html = _IDENTIFIER.sub(lambda found: f'id="{one(found[1])}"', html)
        html = _LINKS.sub(lambda found: f"{found[1]}#{one(found[2])}", html)
        return _LISTS.sub(
            lambda found: f'{found[1]}="{" ".join(one(name) for name in found[2].split())}"',
            html,
        )


def is_made_up(cell: str) -> bool:
    """Whether nbformat made the name of a cell up, and will make up another next time.

    Examples
    --------
    >>> is_made_up("3f9d0c52"), is_made_up("what-moved")
    (True, False)
    """
    return _MADE_UP.fullmatch(cell) is not None
