"""A file with several sheets, uploaded: the page asks which, and the file is not chosen again."""

import html
import re

import pytest

from tests.integration.submissions.uploads.test_spreadsheet import send
from tests.support.department_files import CLOCKED, FACTS, html_xls, lines, my_maps, ods, table, xlsx, zipped_shapefile
from tests.support.site import Site, words_of

MAKERS = {"xlsx": xlsx, "ods": ods}


@pytest.mark.parametrize("form", MAKERS)
def test_the_sheet_is_asked_and_the_file_carried_along(site: Site, form: str) -> None:
    content = MAKERS[form](("Lobby & co", table([FACTS])), ("Old", table([CLOCKED])), ("Notes", [["see", "below"]]))
    draft, question = send(site, content, name=f"zones.{form}")
    assert question.status_code == 200
    assert f"Which sheet of zones.{form} holds the zones?" in words_of(question) and 'type="file"' not in question.text
    assert re.findall(r'name="sheet" value="([^"]+)"', question.text) == ["Lobby &amp; co", "Old"]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', question.text)
    answer = {name: html.unescape(value) for name, value in hidden} | {"sheet": "Lobby & co"}
    response = site.visitor().post(f"{draft}/sheet", data=answer, follow_redirects=True)
    assert "1 row is in the draft" in words_of(response) and f"zones.{form}" in words_of(response)
    assert "24/7" in site.rows("SELECT items FROM submission")[0][0]


def test_without_an_answer_or_with_a_wrong_one_the_page_asks_again(site: Site) -> None:
    draft, question = send(site, xlsx(("A", table([FACTS])), ("B", table([CLOCKED]))))
    (content,) = re.findall(r'name="content" value="([^"]*)"', question.text)
    form = {"file_name": "zones.xlsx", "content": content}
    for sheet in ("", "C"):
        again = site.visitor().post(f"{draft}/sheet", data={**form, "sheet": sheet})
        assert "Which sheet of zones.xlsx" in words_of(again)
    broken = site.visitor().post(f"{draft}/sheet", data={**form, "content": "no base64"})
    assert broken.status_code == 400 and "Choose a file first." in words_of(broken)


def test_a_large_file_is_chosen_once_more(site: Site) -> None:
    padding = [
        [str(number * 7919 % 1_000_003) for number in range(start, start + 40)] for start in range(0, 90_000, 40)
    ]
    _draft, question = send(site, xlsx(("A", table([FACTS])), ("B", table([CLOCKED])), ("Data", padding)))
    assert "Choose the file once more" in words_of(question) and 'name="content"' not in question.text
    assert "B" in re.findall(r'name="sheet" value="([^"]+)"', question.text)


@pytest.mark.parametrize("name", ["kmz", "shp", "xls", "utf16"])
def test_every_kind_of_file_goes_into_the_draft(
    site: Site, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    files = {
        "kmz": my_maps, "xls": html_xls, "utf16": lambda: lines("\t").encode("utf-16"),
        "shp": lambda: zipped_shapefile(tmp_path_factory.mktemp("shapefile")),
    }  # fmt: skip
    _draft, response = send(site, files[name](), name=f"zones.{name}")
    assert "2 rows are in the draft" in words_of(response), words_of(response)
