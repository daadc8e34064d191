"""A server of OGC API Features, as the abstract tests of Annex A ask it."""

from typing import Any
from urllib.parse import urljoin

from tests.integration.clients.conftest import Answer, ask

GEOJSON = "application/geo+json"


class Server:
    """A server under test, reached only by the links that it gives, from its landing page on."""

    def __init__(self, root: str) -> None:
        self.root = root

    def get(self, address: str, accept: str = "application/json") -> Answer:
        return ask(urljoin(self.root, address), accept)

    @property
    def landing(self) -> Any:
        return self.get(self.root).json()

    def linked(self, of: Any, rel: str, kind: str = "json") -> str:
        found = [link["href"] for link in of["links"] if link["rel"] == rel and kind in link.get("type", kind)]
        assert found, f"no link with rel {rel}"
        return urljoin(self.root, found[0])

    @property
    def collection(self) -> Any:
        collections = self.get(self.linked(self.landing, "data")).json()["collections"]
        return self.get(self.linked(collections[0], "self")).json()

    @property
    def items(self) -> str:
        return self.linked(self.collection, "items", "geo+json")

    def page(self, query: str = "") -> Any:
        join = "&" if "?" in self.items else "?"
        answer = self.get(f"{self.items}{join if query else ''}{query}", GEOJSON)
        assert answer.status == 200, answer.body[:300]
        return answer.json()

    @property
    def definition(self) -> Any:
        return self.get(self.linked(self.landing, "service-desc"), "*/*").json()

    def parameter(self, name: str) -> Any:
        """The definition of a parameter of the items operation, with references followed."""
        definition = self.definition
        path = next(path for path in definition["paths"] if path.endswith("/zones/items"))
        for given in definition["paths"][path]["get"]["parameters"]:
            resolved = given
            if "$ref" in given and given["$ref"].startswith("#/"):
                resolved = definition
                for part in given["$ref"][2:].split("/"):
                    resolved = resolved[part]
            if resolved.get("name") == name:
                return resolved
        raise AssertionError(f"no parameter {name}")
