"""Editors complete the files in params/ from schemas that are current."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from analysis.params.json_schema import SCHEMAS, export_schemas
from analysis.params.reading import read_yaml
from analysis.project import project_root

PARAMS = project_root() / "params"
FILES = sorted(PARAMS.rglob("*.yml"))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schema_kept_is_the_one_the_models_give(kind: str, tmp_path: Path) -> None:
    export_schemas(tmp_path)
    name = f"{kind}.schema.json"
    assert (PARAMS / "schema" / name).read_bytes() == (tmp_path / name).read_bytes(), (
        "write the schemas again: python -m analysis.params.json_schema"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_names_its_schema_and_agrees_with_it(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named, "its first line names no schema"
    schema = json.loads((path.parent / named[1]).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(read_yaml(path))


def test_a_schema_refuses_an_unknown_key_and_offers_names() -> None:
    schema = json.loads((PARAMS / "schema/run_file.schema.json").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError, match="rnus"):
        jsonschema.validate({"rnus": [], "runs": [{}]}, schema)
    assert "harrow_2013-17" in json.dumps(schema)
    assert "barking and dagenham" in json.dumps(schema)
