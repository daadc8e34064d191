"""Mails in the typography of their language."""

import pytest

from directory.mail.message_texts import MessageWriter
from directory.zones.schemas import Setting, ZoneFacts
from directory.zones.zone_labels import zone_label


@pytest.mark.parametrize(
    ("language", "quotation", "button"),
    [
        ("en", "“Elgin Police”", "\n\nSee the submission:\nhttp"),
        ("es", "“Elgin Police”", "\n\nVer el envío:\nhttp"),
        ("fr", "«\xa0Elgin Police\xa0»", "\n\nVoir la proposition\xa0:\nhttp"),
    ],
)
def test_a_mail_quotes_and_names_as_its_language_does(language: str, quotation: str, button: str) -> None:
    text = MessageWriter(language, "http://x").arrived("“Elgin” Police", "http://x/1", [], by_managers=True).text()
    assert quotation in text and button in text


@pytest.mark.parametrize(
    ("language", "named", "unnamed"),
    [
        ("en", "• “Trade Zone, 25 Hecker Ave, Darien, CT” (parking lot)\n", "• “Weston, CT” (lobby)\n"),
        ("es", "• “Trade Zone, 25 Hecker Ave, Darien, CT” (estacionamiento)\n", "• “Weston, CT” (vestíbulo)\n"),
        (
            "fr",
            "• «\xa0Trade Zone, 25 Hecker Ave, Darien, CT\xa0» (stationnement)\n",
            "• «\xa0Weston, CT\xa0» (hall d’entrée)\n",
        ),
    ],
)
def test_a_mail_tells_zones_apart_in_the_words_of_their_sources_and_the_spot_in_the_readers(
    language: str, named: str, unnamed: str
) -> None:
    lot = facts("Trade Zone", Setting.PARKING_LOT, street_address="25 Hecker Ave")
    lobby = facts("Safe exchange zone", Setting.LOBBY)  # a name that no source gave
    labels = [zone_label(lot, "Darien"), zone_label(lobby, "Weston")]
    text = MessageWriter(language, "http://x").reminder(labels, "http://x/yes", "http://x/change").text()
    assert named + unnamed.rstrip() in text


def facts(name: str, setting: Setting, street_address: str = "") -> ZoneFacts:
    return ZoneFacts(
        name=name, state="CT", country="US", latitude=41.1, longitude=-73.4, setting=setting,
        street_address=street_address,
    )  # fmt: skip
