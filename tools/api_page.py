"""The page of the API: every operation, what may be asked, what is answered. From its own description in OpenAPI."""

from __future__ import annotations

import os
from typing import Any


def api() -> str:
    """Write the page."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fordel.web.settings"
    import django  # noqa: PLC0415 - its settings are named first

    django.setup()
    from fordel.web.api.main import description  # noqa: PLC0415 - once Django is set up

    told = description()
    lines = [f"# API\n\n{told['info']['description']}\n\nThe running application describes itself in OpenAPI "]
    lines[0] += f"{told['openapi'][:3]} at `/api/v1/openapi.json`; keys are made on the page *API*.\n"
    for address, methods in told["paths"].items():
        lines += [_operation(address, operation) for operation in methods.values()]
    return "\n".join(lines)


def _operation(address: str, operation: dict[str, Any]) -> str:
    asked = "".join(_parameter(parameter) for parameter in operation["parameters"])
    content = operation["responses"][200]["content"]
    shape = content.get("application/json", {}).get("schema", {})
    answer = shape.get("$ref") or (f"list of {shape.get('items', {}).get('$ref', '')}" if shape else "a file")
    heading = f"## {operation['summary']}\n\n`GET {address}` → `{answer.replace('#/components/schemas/', '')}`"
    table = f"\n\n| Parameter | In | Needed | What it is |\n| --- | --- | --- | --- |\n{asked}" if asked else "\n"
    return f"{heading}\n\n{operation['description']}{table}"


def _parameter(parameter: dict[str, Any]) -> str:
    shape = parameter["schema"]
    options = [*shape.get("enum", []), *(o for part in shape.get("anyOf", []) for o in part.get("enum", []))]
    told = [parameter.get("description", ""), ", ".join(f"`{option}`" for option in options)]
    told += [f"`{shape['pattern']}`".replace("|", "\\|")] if "pattern" in shape else []
    words = " ".join(filter(None, told))
    return f"| `{parameter['name']}` | {parameter['in']} | {'yes' if parameter['required'] else 'no'} | {words} |\n"
