"""The conformance classes that are claimed. Their abstract tests: tests/integration/clients (core, crs),
tests/integration/web/api/test_standards.py and tests/unit/search/cql/test_cql2.py.
"""

_SPEC = "http://www.opengis.net/spec"
CORE = ("core", "oas30", "geojson", "html")
FILTERING = ("queryables", "filter", "features-filter")
# The other classes of spatial functions are not claimed: their abstract tests of lines and areas were not run.
CQL2 = (
    "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
    "accent-insensitive-comparison", "basic-spatial-functions", "temporal-functions", "property-property",
)  # fmt: skip
CONFORMANCE = (
    *(f"{_SPEC}/ogcapi-features-1/1.0/conf/{name}" for name in CORE),
    f"{_SPEC}/ogcapi-features-2/1.0/conf/crs",
    *(f"{_SPEC}/ogcapi-features-3/1.0/conf/{name}" for name in FILTERING),
    *(f"{_SPEC}/cql2/1.0/conf/{name}" for name in CQL2),
)
