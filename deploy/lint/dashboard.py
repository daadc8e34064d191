"""Read a Grafana dashboard by Grafana's own models: what they do not know, or would write otherwise, is named."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def differences(given: Any, understood: Any, place: str = "") -> Iterator[str]:
    """Where the models have lost or changed something, as paths with both values."""
    if isinstance(given, dict) and isinstance(understood, dict):
        for name, value in given.items():
            yield from differences(value, understood.get(name), f"{place}/{name}")
    elif isinstance(given, list) and isinstance(understood, list) and len(given) == len(understood):
        for number, (one, other) in enumerate(zip(given, understood, strict=True)):
            yield from differences(one, other, f"{place}/{number}")
    elif given != understood:
        yield f"{place}: {given!r} is understood as {understood!r}"


if __name__ == "__main__":
    register_default_plugins()
    dashboard = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    understood = json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))
    sys.exit("\n".join(differences(dashboard, understood)) or None)
