"""The nbconvert exporter ``csp-report``: one HTML file that a browser only has to show.

For notebooks that were not run by ``csp run``:
``jupyter nbconvert --to csp-report notebook.ipynb``.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from analysis.errors import ReportError
from analysis.publish.html.page import read_page
from analysis.publish.html.render import render_page
from analysis.publish.manifest import executed_digest


class ReportExporter(Exporter):
    """Turns an executed notebook into the report that is published."""

    export_from_notebook = "Safer Boroughs report"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page, and nbconvert's resources with the :class:`Page` under ``"page"``.

        Raises
        ------
        ReportError
            If it was not run, a cell of it failed, or the page would act or fetch.
        """
        nb, resources = super().from_notebook_node(nb, resources, **options)
        name = resources["metadata"].get("name") or "report"
        if not any(cell.get("outputs") for cell in nb.cells):
            message = f"{name}: nothing has been run in it. Run all its cells, and save it."
            raise ReportError(message)
        made = nb.metadata.get("csp", {})
        if made.get("executed") not in (None, executed_digest(nb.cells)):
            del nb.metadata["csp"]
            self.log.warning(
                "%s: edited or run again since csp run made it. Its page has no content key, "
                "no checksums, and no borough before its title.",
                name,
            )
        page = read_page(nb, name=name)
        resources["page"] = page
        return render_page(page, where=name), resources
