"""What schemathesis cannot read in OpenAPI 3.0: what the formats of our texts mean, and which parameters go together.

No check is changed and no answer excused: it only writes texts of these formats, as it writes numbers for numbers.
"""

import json
from datetime import UTC, datetime
from typing import Any

import schemathesis  # type: ignore[import-not-found]
from hypothesis import strategies as st

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda when: when.replace(microsecond=0).isoformat().replace("+00:00", "Z")
)
STATEMENTS = st.sampled_from(
    ["true", "state = 'CT'", "footage_days > 30", "town IS NULL", "CASEI(town) LIKE 'new%'", "NOT cameras = 'yes'",
     "S_INTERSECTS(geometry, BBOX(-74,41,-73,42))", "T_AFTER(changed_at, DATE('2026-01-01'))"]
)  # fmt: skip
schemathesis.openapi.format("cql2", st.lists(STATEMENTS, min_size=1, max_size=3).map(" AND ".join))
schemathesis.openapi.format("date-time-interval", TIMES | TIMES.map("{}/..".format) | TIMES.map("../{}".format))
schemathesis.openapi.format("now-or-time", st.just("now") | TIMES)
schemathesis.openapi.format("visit-time", st.sampled_from(["now", "tomorrow 10 am", "2026-12-24T18:30"]) | TIMES)
schemathesis.openapi.format("place", st.sampled_from(["06840", "Darien, CT", "41.1,-73.4", "Springfield", "zzzz"]))


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Parameters that exclude or need each other, where all of them are right by themselves."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return case
    query = case.query
    if case.path == "/nearest":
        if "address" in query:
            query.pop("lat", None)
            query.pop("lon", None)
        elif not {"lat", "lon"} <= query.keys():
            query.update(lat=41.1, lon=-73.5)
    if "bbox" in query:
        edges = query["bbox"] if isinstance(query["bbox"], list) else query["bbox"].split(",")
        half = len(edges) // 2
        edges[1], edges[half + 1] = sorted((edges[1], edges[half + 1]), key=float)
        query["bbox"] = ",".join(map(str, edges))
    if query.get("filter-lang") == "cql2-json" and "filter" in query:
        query["filter"] = json.dumps({"op": "=", "args": [{"property": "state"}, "CT"]})
    return case
