"""JSON Schemas of the files in ``params/``, so that an editor completes and checks them."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from analysis.params.plans import Plan
from analysis.params.priorities import PriorityParams
from analysis.params.regimes import Regime
from analysis.params.runs import BoroughParams, Defaults, RunFile
from analysis.params.site import SiteParams
from analysis.project import project_root

SCHEMAS: dict[str, type[BaseModel]] = {
    "borough": BoroughParams,
    "defaults": Defaults,
    "plan": Plan,
    "priorities": PriorityParams,
    "regime": Regime,
    "run_file": RunFile,
    "site": SiteParams,
}


def export_schemas(folder: Path) -> list[Path]:
    """Write one schema a kind of file.

    Parameters
    ----------
    folder : Path
        ``params/schema`` in the project; made if it is not there.

    Returns
    -------
    list of Path
        ``<kind>.schema.json``, in order of name. The same models give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, model in SCHEMAS.items():
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(mode="validation"),
        }
        path = folder / f"{kind}.schema.json"
        text = json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
        written.append(path)
    return written


if __name__ == "__main__":
    export_schemas(project_root() / "params/schema")
