"""The site around the reports: index, comparison, changes, runs, accessibility, data."""

from __future__ import annotations

from analysis.publish.site.folder import fill_contents, is_site_current, write_site

INDEX_NAME = "index.html"

__all__ = ["INDEX_NAME", "fill_contents", "is_site_current", "write_site"]
