"""Problem reports reach a department once a day, once each, while they are open."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from directory import clock
from directory.moderation.problem_reports import answer_report, report_problem
from directory.moderation.report_digests import queue_digests
from directory.zones.report_kinds import ReportKind
from tests.support.site import DARIEN, SITE, Site, body

ZONE = "ct-darien-parking-lot"
SERGEANT = "sergeant@darienct.gov"


@pytest.fixture
def darien(site: Site) -> Site:
    """Darien's sergeant looks after its zone."""
    site.domain("darienct.gov", "Darien")
    clerk = site.visitor()
    draft = clerk.post(f"/zones/{ZONE}/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": SERGEANT})
    site.confirm(clerk, SERGEANT)
    site.accept(SERGEANT)
    return site


def report(site: Site, words: str, zone: str = ZONE) -> None:
    report_problem(site.context, zone, ReportKind.OTHER, words, "")


def digests(site: Site, recipient: str = SERGEANT) -> list[str]:
    """The digests that somebody was mailed, once those that are due are queued."""
    queue_digests(site.engine, site.context.mail_from, SITE)
    return [body(mail) for mail in site.mails(recipient) if str(mail["Subject"]).startswith("Visitors report")]


def test_the_first_report_is_mailed_at_once_and_later_ones_together_a_day_after_it(darien: Site) -> None:
    report(darien, "First.")
    assert len(digests(darien)) == 1
    report(darien, "Second.")
    report(darien, "Third.")
    for hours, count in ((0, 1), (23, 1), (24, 2), (25, 2), (49, 2)):
        clock.run_ahead(timedelta(hours=hours, seconds=5))
        assert len(digests(darien)) == count, hours
    report(darien, "Fourth.")
    first, second, third = digests(darien)
    assert "First." in first and "Second." in second and "Third." in second and "First." not in second
    assert "Fourth." in third and "Third." not in third, "the last one was over a day ago"


def test_what_was_answered_meanwhile_is_left_out(darien: Site) -> None:
    report(darien, "First.")
    assert len(digests(darien)) == 1
    report(darien, "Second.")
    answer_report(darien.context, darien.rows("SELECT max(id) FROM problemreport")[0][0], "Done.", SERGEANT)
    clock.run_ahead(timedelta(days=2))
    assert len(digests(darien)) == 1


def test_ten_are_listed_and_a_long_text_is_cut(darien: Site) -> None:
    for number in range(13):
        report(darien, f"Number {number} " + "x" * 500)
    (mail,) = digests(darien)
    assert mail.count("Number") == 10 and "3 more on your page of zones" in mail
    assert max(map(len, mail.splitlines())) < 250


def test_everybody_of_the_department_is_mailed_and_nobody_of_another(darien: Site) -> None:
    sergeant = darien.signed_in(SERGEANT)
    assert sergeant.post(f"/desk/{DARIEN}/people", data={"email": "clerk@darienct.gov"}).status_code == 302
    report(darien, "Ours.")
    report(darien, "Nobody’s.", "ct-wilton-parking-lot")
    assert len(digests(darien)) == len(digests(darien, "clerk@darienct.gov")) == 1
    assert "Nobody" not in digests(darien)[0]
    unmailed = "SELECT text FROM problemreport WHERE mailed_at IS NULL"
    assert darien.rows(unmailed) == [("Nobody’s.",)], "it waits for somebody to look after that zone"


def test_who_is_not_accepted_is_not_mailed_and_the_reports_wait(darien: Site) -> None:
    with darien.engine.begin() as connection:
        connection.execute(text("UPDATE membership SET accepted_at = NULL"))
    report(darien, "First.")
    assert digests(darien) == []
    assert darien.rows("SELECT text FROM problemreport WHERE mailed_at IS NULL") == [("First.",)]
    darien.accept(SERGEANT)
    assert len(digests(darien)) == 1


def test_several_workers_send_a_digest_once(darien: Site) -> None:
    for turn in range(3):
        clock.run_ahead(timedelta(days=2 * turn))
        report(darien, f"Turn {turn}.")
        start = threading.Barrier(4)

        def work(start: threading.Barrier = start) -> None:
            start.wait()
            queue_digests(darien.engine, darien.context.mail_from, SITE)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(digests(darien)) == turn + 1
