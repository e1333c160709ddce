"""Whether the pages of a folder hold together: no link leads to what is not there.

Only links from page to page are looked at. Those within a page were looked at when it was
made, and what lies on other servers is theirs.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

_LINK = re.compile(r'<a\b[^>]*?\shref="(?!#|[a-z]+:)([^"]*)"', re.IGNORECASE)
_ANCHOR = re.compile(r'\sid="([^"]*)"')


def broken_links(folder: Path) -> list[str]:
    """Links of the pages in a folder that lead nowhere, or out of it.

    Parameters
    ----------
    folder : Path
        Folder of the reports.

    Returns
    -------
    list of str
        ``page: link``, in order; empty if all is well.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "index.html").write_text('<a href="gone.html">Gone</a>')
    ...     broken_links(Path(folder))
    ['index.html: gone.html']
    """
    root = folder.resolve()
    found: list[str] = []
    anchors: dict[Path, set[str]] = {}
    for page in sorted(root.rglob("*.html")):
        if page.relative_to(root).parts[0].startswith("."):
            continue
        text = page.read_text("utf-8", errors="replace")
        links = dict.fromkeys(unescape(link) for link in _LINK.findall(text))
        name = page.relative_to(root).as_posix()
        found += [f"{name}: {link}" for link in links if not _leads(link, page, root, anchors)]
    return found


def _leads(link: str, page: Path, root: Path, anchors: dict[Path, set[str]]) -> bool:
    address, _, anchor = link.partition("#")
    target = (page.parent / unquote(address.partition("?")[0])).resolve()
    if not target.is_relative_to(root) or not target.is_file():
        return False
    if anchor and target not in anchors:
        text = target.read_text("utf-8", errors="replace")
        anchors[target] = {unescape(name) for name in _ANCHOR.findall(text)}
    return not anchor or unquote(anchor) in anchors[target]
