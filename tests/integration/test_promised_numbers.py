"""Every number that the promises name, written here once more: whoever changes one has to change the promise too.

`STATED` holds the numbers that are constants: what promises it, the number itself, and where it stands in the code. The
tests below it ask for a number by what it does. A new promise is one more row, or one more test.
"""

import gzip
import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory import geo
from directory.accounts import second_factor, sessions, sign_in_links
from directory.confirmations import reminders
from directory.db.queries import outbox
from directory.db.tables.accounts import LinkPurpose
from directory.formats.table_source import defused, undefused
from directory.geocoding import chain, gazetteer
from directory.mail.links import LIFETIMES
from directory.moderation import (
    decisions,
    problem_reports,
    report_digests,
)
from directory.moderation.data_quality import visits
from directory.search import (
    results,
    service,
)
from directory.search.snapshots import snapshot_cache
from directory.settings import Settings
from directory.store import geocoder_answers
from directory.store import report_digests as record_digests
from directory.store.runs.daily_runs import LATE_AFTER
from directory.store.runs.mail_status import MAIL_LATE_SECONDS
from directory.submissions import drafts, photos, quotas
from directory.submissions.items.item import Action, Item
from directory.submissions.risk import checks, wait_reasons
from directory.submissions.uploads import spreadsheet, unpacking
from directory.verification import domain_list, domain_lookalikes, domain_probe
from directory.web.accounts import passkey_challenge
from directory.web.api import parameters as api_parameters
from directory.web.embed import theme
from directory.web.http.limits import (
    rate_limits,
    request_counts,
    upload_gate,
)
from directory.web.http.security import request_bounds
from directory.web.operations import health
from directory.web.query import pagination
from directory.web.towns import profile
from directory.zones import derivations, freshness
from directory.zones.duplicates import matches
from directory.zones.freshness import Age, age_on
from directory.zones.schemas import ZoneRecord
from directory.zones.validation import row_validation as validation
from directory.zones.validation import rules
from tests.conftest import ROOT
from tests.integration.submissions.uploads.test_spreadsheet import GOOD, send, table
from tests.support.site import Site, words_of


def default(name: str) -> Any:
    """The default of a setting."""
    return Settings.model_fields[name].default


STATED: dict[str, tuple[Any, Callable[[], Any]]] = {
    # days
    "a confirmation is old after 180 days": (180, lambda: freshness.OLD_DAYS),
    "a zone leaves the nearest after 365 days": (365, lambda: freshness.FADED_DAYS),
    "departments are asked after 150 and 170 days": ((150, 170), lambda: reminders.REMINDER_DAYS),
    "a geocoder's answer is kept for 30 days": (timedelta(days=30), lambda: chain.HIT_LIFETIME),
    "that an address was not found is kept for a day": (timedelta(days=1), lambda: chain.MISS_LIFETIME),
    "a mail is given up after 5 days": (timedelta(days=5), lambda: outbox.GIVE_UP_AFTER),
    "a mail waits no longer than 6 hours for its next try": (timedelta(hours=6), lambda: outbox.LONGEST_PAUSE),
    "the link that proves an address is good for 7 days": (
        timedelta(days=7), lambda: LIFETIMES[LinkPurpose.PROVE_EMAIL],
    ),
    "the link of a reminder is good for 60 days": (timedelta(days=60), lambda: LIFETIMES[LinkPurpose.STILL_RIGHT]),
    "the link of an objection is good for 30 days": (timedelta(days=30), lambda: LIFETIMES[LinkPurpose.OBJECTION]),
    # metres
    "a mile": (1609.344, lambda: geo.METERS_PER_MILE),
    "a pin is far from its address over 150 m": (150, lambda: checks.PIN_OFF_M),
    "a pin is far from its town over 10 km": (10_000, lambda: checks.TOWN_OFF_M),
    "two pins within 75 m are probably one spot": (75, lambda: matches.SAME_SPOT_M),
    "an import refuses a pin 40 km from its town": (40_000, lambda: rules.FAR_FROM_TOWN_M),
    "places of one name are several over 25 km": (
        (25_000, 25_000), lambda: (derivations.SEVERAL_PLACES_M, gazetteer.FAR_APART_M),
    ),
    "a page says that no zone is within 50 miles": (50 * 1609.344, lambda: results.FAR_M),
    "an answer farther than 80 km from the ZIP or town is not believed": (80_000, lambda: chain.MAX_PLAUSIBLE_M),
    # spreadsheets and photos
    "a spreadsheet has at most 2 MB": (2_000_000, lambda: spreadsheet.MOST_BYTES),
    "a spreadsheet has at most 1,000 rows": (1_000, lambda: spreadsheet.MOST_ROWS),
    "a spreadsheet has at most 4 MB of text": (4_000_000, lambda: spreadsheet.LIMITS.text),
    "a cell has at most 10,000 characters": (10_000, lambda: validation.MOST_IN_A_CELL),
    "a spreadsheet has at most 200 columns and 50 sheets": (
        (200, 50), lambda: (spreadsheet.LIMITS.columns, spreadsheet.LIMITS.sheets),
    ),
    "a workbook unpacks to 50 MB and 300,000 cells": (
        (50_000_000, 300_000), lambda: (spreadsheet.LIMITS.unpacked, spreadsheet.LIMITS.elements),
    ),
    "a file is told 3,000 findings of a kind, a draft keeps 5 of a row": (
        (3_000, 5), lambda: (spreadsheet.MOST_FINDINGS, spreadsheet.MOST_FINDINGS_OF_A_ROW),
    ),
    "a photo has at most 8 MB": (8_000_000, lambda: photos.MOST_BYTES),
    "a JPEG has 40 megapixels, a PNG 9, a WebP 3.2": (
        {"JPEG": 40_000_000, "PNG": 9_000_000, "WEBP": 3_200_000}, lambda: photos.MOST_PIXELS,
    ),
    "a file waits ten seconds for others to be read": (10, lambda: unpacking.WAIT_SECONDS),
    # requests
    "a form has at most 64 KB, a photo's 9 MB, a spreadsheet's 2.2 MB": (
        (65_536, 9_000_000, 9_000_000, 2_200_000),
        lambda: (
            request_bounds.FORM_BYTES,
            *(
                request_bounds.UPLOAD_BYTES[name]
                for name in ("zone_editing.save_zone", "town_profile.save", "spreadsheet_upload.upload")
            ),
        ),
    ),
    "a submission holds at most 1,000 items": (1_000, lambda: drafts.MOST_ITEMS),
    "long lists come in pages of 50": (50, lambda: pagination.A_PAGE),
    "a draft takes 10 MB": (10_000_000, lambda: quotas.DRAFT_BYTES),
    "an address begins 20 drafts a day, all drafts take 1,000 MB": (
        (20, 1_000), lambda: (default("drafts_per_day"), default("drafts_megabytes")),
    ),
    "a zone keeps 20 reports a day": (20, lambda: problem_reports.REPORTS_A_DAY),
    "below 200 MB of free disk strangers wait": (200, lambda: default("min_free_mb")),
    "pages of drafts and desks are read 120 times a minute": ("120 per minute", lambda: rate_limits.DEAR_PAGES),
    "60 files are downloaded in a minute": ("60 per minute", lambda: rate_limits.FILES),
    "100,000 geocoders' answers are kept": (100_000, lambda: geocoder_answers.MOST_ANSWERS),
    # who may
    "a session ends after 30 days, of staff after 12 hours": (
        (timedelta(days=30), timedelta(hours=12)), lambda: (sessions.LIFETIME, sessions.STAFF_LIFETIME),
    ),
    "five wrong codes in a row make an account wait, an hour at most, its owner told once a day": (
        (5, timedelta(hours=1), timedelta(days=1)),
        lambda: (second_factor.FAILURES_BEFORE_WAIT, second_factor.LONGEST_WAIT, second_factor.TOLD_EVERY),
    ),
    "a passkey's challenge is good for ten minutes": (600, lambda: passkey_challenge.SECONDS),
    "a link to sign in is good for 30 minutes, renewed 12 hours at most": (
        (timedelta(minutes=30), timedelta(hours=12)),
        lambda: (LIFETIMES[LinkPurpose.SIGN_IN], sign_in_links.LONGEST_LIFE),
    ),
    "a mailbox gets six mails to sign in a day, none within ten minutes of another": (
        (6, timedelta(minutes=10)), lambda: (sign_in_links.MAILS_A_DAY, sign_in_links.NO_SECOND_MAIL),
    ),
    "a mailbox gets 12 requested mails and 40 of all kinds a day, the site sends 2,000": (
        (12, 40, 2_000), lambda: (outbox.REQUESTED_A_DAY, outbox.A_MAILBOX_A_DAY, default("mails_per_day")),
    ),
    "reports come to a department once a day, ten listed": (
        (timedelta(days=1), 10), lambda: (record_digests.BETWEEN_DIGESTS, report_digests.MOST_LISTED),
    ),
    "a pin that moves over 150 m waits": (150, lambda: wait_reasons.PIN_MOVED_M),
    "ten zones and less may be approved with others, from risk 4 on none": (
        (10, 4), lambda: (decisions.BULK_ITEMS, wait_reasons.HIGH_RISK),
    ),
    "how grave each reason for waiting is": (
        [7, 6, 5, 5, 4, 4, 4, 4, 4, 2, 2, 2, 2, 1],
        lambda: [wait_reasons.WEIGHTS[reason] for reason in wait_reasons.WaitReason],
    ),
    "a list that drops more than a fifth of the registry is refused": (0.2, lambda: domain_list.MOST_DROPPED),
    "domains are alike from 80 percent on": (80, lambda: domain_lookalikes.ALIKE_PERCENT),
    "an address may ask the API 600 times a minute": (600, lambda: default("api_per_minute")),
    "an address may send 30 forms of a kind an hour": (30, lambda: default("submissions_per_hour")),
    "an address may report 10 problems an hour": (10, lambda: default("reports_per_hour")),
    "an address may answer 30 times a day that it was there": (30, lambda: default("visits_per_day")),
    "a zone keeps 20 visits a day and 10 photos, and 3 “gone” of 90 days are a case": (
        (20, 10, 3, 90), lambda: (visits.VISITS_A_DAY, visits.MOST_PHOTOS, visits.GONE_OPENS, visits.GONE_DAYS),
    ),
    "geocoding takes at most 3 seconds": (3.0, lambda: default("geocoding_seconds")),
    "Nominatim is asked once a second": (1.0, lambda: default("nominatim_interval")),
    "Redis is waited for 0.3 seconds": ({0.3}, lambda: set(request_counts.REDIS_PATIENCE.values())),
    "of 6 threads 3 may hold a body": ((6, 3), lambda: (upload_gate.THREADS, upload_gate.WITH_BODY)),
    "the API takes texts of 200 characters and gives 10 of the nearest, at most 50": (
        (200, 10, 50), lambda: (api_parameters.LONGEST, api_parameters.DEFAULT_NEAREST, service.MAX_LIMIT),
    ),
    "a daily command was missed after a day and a half": (129_600, lambda: LATE_AFTER.total_seconds()),
    "a mail is late after 15 minutes, a directory after one": (
        (900, 60), lambda: (MAIL_LATE_SECONDS, health.AGE_LATE_SECONDS),
    ),
    "a change is seen within a second": (
        (0.2, 0.7, 1.0),
        lambda: (snapshot_cache.CHECK_SECONDS, snapshot_cache.OLD_SECONDS, snapshot_cache.TROUBLE_SECONDS),
    ),
    "a code on a web server has 4 KB, 5 seconds and 2 redirects": (
        (4_096, 5.0, 2), lambda: (domain_probe.MOST_BYTES, domain_probe.SECONDS, domain_probe.MOST_REDIRECTS),
    ),
    # towns and embeds
    "a town names at most 20 sites": (20, lambda: profile.MOST_SITES),
    "text in an embed has a contrast of 4.5:1": (4.5, lambda: theme.LEAST),
}  # fmt: skip


@pytest.mark.parametrize("promise", STATED)
def test_a_number_is_the_one_that_is_promised(promise: str) -> None:
    stated, read = STATED[promise]
    assert read() == stated


@pytest.mark.parametrize(
    ("days", "age"), [(0, Age.FRESH), (179, Age.FRESH), (180, Age.OLD), (364, Age.OLD), (365, Age.FADED)]
)
def test_a_confirmation_is_old_after_180_days_and_faded_after_365(days: int, age: Age) -> None:
    assert age_on("2026-01-01", date(2026, 1, 1) + timedelta(days=days)) is age


def zone(latitude: float = 41.2, **facts: str) -> ZoneRecord:
    """A zone in Weston so far north."""
    given = {
        "department": "Weston Police",
        "town": "Weston",
        "state": "CT",
        "country": "US",
        "street_address": "56 Norfield Road",
        **facts,
    }
    return ZoneRecord.model_validate({"name": "Zone", **given, "latitude": latitude, "longitude": -73.38})


def north(meters: float) -> float:
    """The latitude so many metres north of 41.2."""
    return 41.2 + math.degrees(meters / 6_368_000)


def test_a_pin_is_far_from_its_address_from_150_metres_on() -> None:
    for meters, far in ((145, False), (155, True)):
        item = Item("", Action.ADD, found_at=[north(meters), -73.38])
        assert (checks.pin_off(item, zone()) is not None) == far, meters


def test_two_pins_are_one_spot_within_75_metres() -> None:
    for meters, one in ((73, True), (77, False)):
        other = zone(north(meters), zone_id="ct-weston-other", street_address="")
        assert bool(matches.probable_matches(zone(), [other])) == one, meters


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_program_would_run_is_defused(sign: str) -> None:
    assert defused(f"{sign}1+1") == f"'{sign}1+1"
    if sign in "=+-@":  # white space at the beginning of a cell is removed when it is read
        assert undefused(defused(f"{sign}1+1")) == f"{sign}1+1"


def test_a_thousand_rows_are_taken_and_one_more_is_not(site: Site) -> None:
    rows = [{**GOOD, "street_address": f"{number} Main Street"} for number in range(1_001)]
    _, taken = send(site, table(rows[:-1]))
    assert taken.status_code == 200 and "1000 rows are in the draft" in words_of(taken)
    _, refused = send(site, table(rows))
    assert refused.status_code == 400 and "more than 1,000 rows" in words_of(refused)


def test_a_form_of_more_than_64_kilobytes_is_refused(client: FlaskClient) -> None:
    def status(length: int) -> int:
        form = "application/x-www-form-urlencoded"
        return client.post("/submit", data=b"note=" + b"x" * (length - 5), content_type=form).status_code

    assert status(65_536) != 413
    assert status(65_537) == 413


def test_a_page_of_the_api_has_100_items_unless_up_to_1000_are_asked_for(client: FlaskClient) -> None:
    items = "/api/v1/collections/zones/items"
    assert client.get(items).json["numberReturned"] == 100
    assert client.get(f"{items}?limit=5000").json["numberReturned"] > 600  # all of them
    assert api_parameters.HIGHEST_LIMIT == 1_000


def test_every_colour_of_a_host_has_a_contrast_of_4_5_on_every_ground() -> None:
    for red in range(0, 256, 51):
        for green in range(0, 256, 51):
            for blue in range(0, 256, 51):
                for dark, grounds in ((False, theme.LIGHT_GROUNDS), (True, theme.DARK_GROUNDS)):
                    colours = theme.accessible_color(f"{red:02x}{green:02x}{blue:02x}", dark=dark)
                    for ground in grounds:
                        assert theme.contrast(colours.colour, ground) >= 4.5
                    assert theme.contrast(colours.on_top, colours.colour) >= 4.5


def test_embed_js_is_at_most_two_kilobytes_as_it_is_sent() -> None:
    content = (ROOT / "directory" / "static" / "embed.js").read_bytes()
    assert len(gzip.compress(content, 9)) <= 2_048
    assert (ROOT / "directory" / "static" / "embed.js.gz").stat().st_size <= 2_048


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("docs/departments.md", ["1,000 rows and 2 MB", "4 MB of text", "10,000 characters", "150 meters",
                                 "after 180 days", "after 365", "8 MB", "40 megapixels", "a PNG 9, a WebP 3.2"]),
        ("docs/departments.fr.md", ["1 000 lignes et 2 Mo", "4 Mo de texte", "10 000 caractères", "150 mètres",
                                    "après 180 jours", "après 365", "8 Mo", "40 mégapixels", "un PNG 9, un WebP 3,2"]),
        ("docs/departments.es.md", ["1,000 filas y 2 MB", "4 MB de texto", "10,000 caracteres", "150 metros",
                                    "a los 180 días", "a los 365", "8 MB", "40 megapíxeles", "un PNG 9, un WebP 3.2"]),
        ("docs/moderators.md", ["150 or 170 days"]),
        ("README.md", ["kept for at most 30 days"]),
        ("docs/embedding.md", ["contrast of 4.5:1"]),
        ("templates/public/about.html", ["30 days"]),
        ("templates/departments/uploads/spreadsheet.html", ["1,000 rows and 2 MB"]),
        ("templates/departments/zones/zone.html", ["up to 8 MB"]),
        ("docs/operating.md", ["no zone within 50 miles"]),
        ("templates/departments/confirm.html", ["7 days"]),
        ("templates/departments/objection.html", ["30 days"]),
    ],
)  # fmt: skip
def test_documents_and_pages_state_the_same_numbers(path: str, words: list[str]) -> None:
    text = " ".join((ROOT / path).read_text(encoding="utf-8").split())
    assert [word for word in words if word not in text] == []
