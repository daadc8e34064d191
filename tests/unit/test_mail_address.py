"""Addresses of one mailbox are one person."""

import pytest

from directory.mail_address import mailbox_of


@pytest.mark.parametrize(
    ("given", "mailbox"),
    [
        ("Clerk@WestonCT.gov", "clerk@westonct.gov"),
        ("clerk+zones@westonct.gov", "clerk@westonct.gov"),
        ("j.a.n.e+x+y@gmail.com", "jane@gmail.com"),
        ("jane@googlemail.com", "jane@gmail.com"),
        ("jane.doe@westonct.gov", "jane.doe@westonct.gov"),
        ("+only@westonct.gov", "+only@westonct.gov"),
    ],
)
def test_forms_of_one_address_are_one_mailbox(given: str, mailbox: str) -> None:
    assert mailbox_of(given) == mailbox
