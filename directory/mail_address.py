"""The canonical form in which mail addresses are compared."""

from directory.errors import NotAllowedError


class BarredAddressError(NotAllowedError):
    """The address is barred: nobody acts with it, and no mail goes there."""


DOTLESS_PROVIDERS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
"""Domains of providers that ignore dots before the @, with their canonical domain."""


def mailbox_of(email: str) -> str:
    """The canonical form of a mail address: lower case, no plus tag, no dots where the provider ignores them.

    `Jane.Doe+zones@GMail.com` and `janedoe@googlemail.com` are one mailbox. Mail goes to the address as typed; this
    form is for comparison only.
    """
    local, _, domain = email.strip().lower().rpartition("@")
    name = local.partition("+")[0] or local
    if domain in DOTLESS_PROVIDERS:
        return f"{name.replace('.', '')}@{DOTLESS_PROVIDERS[domain]}"
    return f"{name}@{domain}"
