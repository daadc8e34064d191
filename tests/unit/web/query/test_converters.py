"""Parts of an address that routes read."""

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from directory.web.query.converters import DepartmentConverter

ROUTES = Map(
    [Rule("/desk/<department:slug>", endpoint="desk"), Rule("/desk/<department:slug>/people", endpoint="people")],
    converters={"department": DepartmentConverter},
).bind("localhost")


def test_a_departments_address_leads_to_its_key_in_whatever_case_it_was_typed() -> None:
    assert ROUTES.match("/desk/CT/Darien-Police-Department") == ("desk", {"slug": "ct/darien-police-department"})
    assert ROUTES.match("/desk/ct/people/people") == ("people", {"slug": "ct/people"})
    assert ROUTES.build("people", {"slug": "ct/darien-police-department"}) == "/desk/ct/darien-police-department/people"


@pytest.mark.parametrize("path", ["/desk/ct", "/desk/ct/", "/desk//people", "/desk/ct/darien/lists", "/desk/a/b/c/d"])
def test_an_address_without_state_and_name_is_no_departments(path: str) -> None:
    with pytest.raises(NotFound):
        ROUTES.match(path)
