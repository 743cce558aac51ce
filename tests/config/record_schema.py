"""Record the shape of npm `wrangler`'s configuration: keys and types, without its prose.

python -m tests.config.record_schema node_modules/wrangler/config-schema.json 4.164.0
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SAME_AGAIN = {"env": "object", "previews": "object"}
"""They repeat the other keys."""
OUTPUT = Path(__file__).parent / "recorded" / "wrangler_schema.json"


def shape(schema: dict[str, Any], definitions: dict[str, Any], inside: tuple[str, ...] = ()) -> Any:
    """One schema as `test_shapes` describes it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in inside:
            return "any"
        return shape(definitions[name], definitions, (*inside, name))
    if "const" in schema:
        return {"enum": [schema["const"]]}
    if "enum" in schema:
        return {"enum": schema["enum"]}
    if "anyOf" in schema:
        return {"any": [shape(each, definitions, inside) for each in schema["anyOf"]]}
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return {"any": kind}
    if kind == "array":
        items = schema.get("items", {})
        return ["any"] if isinstance(items, list) else [shape(items, definitions, inside)]
    return members(schema, definitions, inside) if kind == "object" else kind


def members(schema: dict[str, Any], definitions: dict[str, Any], inside: tuple[str, ...]) -> Any:
    others = schema.get("additionalProperties")
    if "properties" not in schema:
        described = isinstance(others, dict) and others
        return {"map": shape(others, definitions, inside)} if described else "object"
    needed = set(schema.get("required", ()))
    found = {
        key + "!" * (key in needed): shape(item, definitions, inside)
        for key, item in schema["properties"].items()
    }
    return found | ({"*": "any"} if others else {})


def main() -> None:
    path, version = sys.argv[1:]
    definitions = json.loads(Path(path).read_text())["definitions"]
    root = definitions["RawConfig"]
    keys = shape(root, definitions) | SAME_AGAIN
    top = sorted(root["properties"].keys() - definitions["RawEnvironment"]["properties"].keys())
    rows = ",\n".join(f"{json.dumps(key)}: {json.dumps(keys[key])}" for key in sorted(keys))
    OUTPUT.write_text(
        f'{{\n"version": {json.dumps(version)},\n"top_level_only": {json.dumps(top)},\n'
        f'"keys": {{\n{rows}\n}}\n}}\n'
    )


if __name__ == "__main__":
    main()
