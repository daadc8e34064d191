"""Mails in the typography of their language."""

import pytest

from directory.mail.templates import MessageWriter


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
