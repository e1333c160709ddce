"""The site around the reports: index, comparison, changes, runs, accessibility, data."""

from __future__ import annotations

from analysis.publish.site.folder import fill_contents, is_site_current, write_site

__all__ = ["fill_contents", "is_site_current", "write_site"]
