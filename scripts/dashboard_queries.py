"""Print the queries of a Grafana dashboard as a file of rules, so that promtool can read each as PromQL."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

VARIABLES = {"$__rate_interval": "5m", "$instance": ".*"}


def queries(dashboard: Path) -> Iterator[str]:
    """Every query, with Grafana's variables replaced as Grafana would."""
    for panel in json.loads(dashboard.read_text(encoding="utf-8"))["panels"]:
        for target in panel.get("targets", ()):
            query: str = target["expr"]
            for name, value in VARIABLES.items():
                query = query.replace(name, value)
            if unknown := re.search(r"\$\w+", query):
                raise ValueError(f"{panel['title']}: {unknown[0]} is no variable of the dashboard")
            yield query


if __name__ == "__main__":
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(queries(Path(sys.argv[1])))]
    print(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))  # JSON is YAML, too
