"""Texts are taken as whoever looked at the page or the sheet saw them."""

import csv
from pathlib import Path

import pytest

from directory.formats.recognition import open_source
from directory.zones.validation.row_validation import RawRow


def the_row(folder: Path, **cells: str) -> RawRow:
    file = folder / "zones.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ["department", "town", "state", *cells])
        writer.writeheader()
        writer.writerow({"department": "Darien PD", "town": "Darien", "state": "CT", **cells})
    with open_source(file) as source:
        (row,) = source.rows
    return row


@pytest.mark.parametrize(
    ("field", "cell", "read"),
    [
        ("spot_note", "St. Mary&#39;s &amp; Sheriff&rsquo;s&nbsp;lot", "St. Mary's & Sheriff’s lot"),
        ("spot_note", "Rear lot<br/>by the <b>flagpole</b>", "Rear lot by the flagpole"),
        ("source_url", '<a class="x" href="https://example.org/a">site</a>', "https://example.org/a"),
        ("spot_note", '<a href="https://example.org/a">by the gate</a>', "by the gate"),
        ("street_address", "'25 Hecker Ave", "25 Hecker Ave"),
        ("spot_note", "'north' lot", "'north' lot"),
        ("spot_note", "'98 memorial lot", "'98 memorial lot"),
        ("department", "'t Hooft Borough Police", "'t Hooft Borough Police"),
        ("spot_note", "Rear lot <A side>, see <b 2> bay", "Rear lot <A side>, see <b 2> bay"),
        ("source_url", "https://example.org/?a=1&amp;b=2&section=4", "https://example.org/?a=1&b=2&section=4"),
        ("spot_note", "AT&T store < 50 ft; D&G", "AT&T store < 50 ft; D&G"),
        ("spot_note", "</script><script>window.P=1</script>", "</script><script>window.P=1</script>"),
    ],
)
def test_marks_are_taken_away_and_what_only_looks_like_one_stays(
    tmp_path: Path, field: str, cell: str, read: str
) -> None:
    assert the_row(tmp_path, **{field: cell}).values[field] == read


def test_our_own_files_are_taken_letter_by_letter(tmp_path: Path) -> None:
    assert the_row(tmp_path, zone_id="ct-darien", spot_note="a &amp; b").values["spot_note"] == "a &amp; b"
