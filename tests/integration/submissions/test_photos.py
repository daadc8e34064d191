"""Photos of zones: what is taken, and what is left out of them."""

import io
import re

import pytest
from PIL import Image

from tests.support.pictures import photo
from tests.support.site import WESTON, ZONE, Site, errors


def test_a_photo_loses_what_the_phone_wrote_into_it_and_needs_words(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    assert b"PhoneMaker" in photo().getvalue()
    mute = clerk.post(form, data={**ZONE, "photo_file": (photo(), "IMG_1.jpg")}, content_type="multipart/form-data")
    assert mute.status_code == 400 and "A photo needs words" in errors(mute)[0]
    draft = form.removesuffix("/zones/new")
    item = re.findall(rf"{draft}/zones/\w+", clerk.get(draft).text)[0]
    assert clerk.post(item, data={**ZONE, "photo_alt": "Two green bays."}).status_code == 302
    content = site.rows("SELECT content FROM photo")[0][0]
    assert b"PhoneMaker" not in content and b"Exif" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (1600, 800) and not kept.getexif()
    shown = clerk.get(re.search(rf"{draft}/photos/\w+\.jpg", clerk.get(item).text)[0])  # type: ignore[index]
    assert shown.mimetype == "image/jpeg"
    digest = site.rows("SELECT digest FROM photo")[0][0]
    assert site.visitor().get(f"/photos/{digest}.jpg").status_code == 404  # not public before it is published


def test_a_photo_is_everybodys_and_kept_by_browsers_once_its_zone_is_published(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    with_photo = {**ZONE, "photo_alt": "Two green bays.", "photo_file": (photo(), "IMG_1.jpg")}
    assert clerk.post(form, data=with_photo, content_type="multipart/form-data").status_code == 302
    clerk.post(f"{form.removesuffix('/zones/new')}/send")
    site.confirm(clerk, "clerk@westonct.gov")
    address = f"/photos/{site.rows('SELECT digest FROM photo')[0][0]}.jpg"
    assert site.visitor().get(address).status_code == 404
    assert site.decide(site.staff(), "approve").status_code == 302
    published = site.visitor().get(address)
    assert (published.status_code, published.mimetype) == (200, "image/jpeg")
    assert published.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MZ\x90\x00 not a photo", "no photo that we can read"),
        (b"<svg onload=alert(1)>", "no photo that we can read"),
        (b"\xff\xd8\xff" + b"\x00" * 8_100_000, "larger than 8 MB"),
    ],
    ids=["program", "svg", "large"],
)
def test_a_file_that_is_no_photo_is_refused_with_its_reason(site: Site, content: bytes, reason: str) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    data = {**ZONE, "photo_file": (io.BytesIO(content), "../../etc/passwd.jpg"), "photo_alt": "x"}
    response = clerk.post(form, data=data, content_type="multipart/form-data")
    assert response.status_code == 400 and reason in errors(response)[0]
    assert "56 Norfield Road" in response.text


def test_a_picture_that_unpacks_to_a_giant_is_refused(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    bomb.seek(0)
    data = {**ZONE, "photo_file": (bomb, "a.png"), "photo_alt": "x"}
    response = clerk.post(form, data=data, content_type="multipart/form-data")
    assert response.status_code == 400 and "megapixels" in errors(response)[0]
