"""Submissions that wait at the review desk."""

from flask.testing import FlaskClient

from tests.support.site import Site


def waiting(site: Site, **department: str) -> int:
    """A proven submission that waits for a moderator."""
    clerk = site.visitor()
    site.submit(clerk, None, **department)
    site.confirm(clerk, department.get("email", "clerk@westonct.gov"))
    assert site.state() == "waiting_for_review"
    return site.number()


def correction(site: Site, clerk: FlaskClient, typed: dict[str, str], zone: str = "ct-darien-parking-lot") -> str:
    """Somebody of Darien corrects a zone; returns the draft's path."""
    ours = clerk.post(f"/zones/{zone}/ours", data={"action": "correct"}).headers["Location"]
    draft = clerk.post(ours, data=typed).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": "sergeant@darienct.gov"})
    if site.state() == "waiting_for_email":
        site.confirm(clerk, "sergeant@darienct.gov")
    return draft
