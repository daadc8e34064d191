"""The address of a request, as the links of its answer name it."""

import re
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from directory.web.http.urls import public_address
from directory.web.request_context import current_request

SAFE = "!$'()*,/:;?@"
"""What may stand in a query as it is (RFC 3986), so that a box reads as it was written."""
_PLAIN_PAIR = rb"[A-Za-z0-9_.~!$'()*,/:;?@-]*=[A-Za-z0-9_.~!$'()*,/:;?@-]*"
_PLAIN_PAIRS = re.compile(rb"%b(?:&%b)*" % (_PLAIN_PAIR, _PLAIN_PAIR))


class RequestUrl:
    """Scheme and host, path, and parameters; `sent` is the query as it came, of which `args` were read."""

    def __init__(self, root: str, path: str, args: "MultiDict[str, str]", sent: bytes = b"") -> None:
        self.root, self.path, self.args = root, path, args
        # Nearly every query names each parameter once and has nothing to encode: it can be used as it came.
        is_ready = sent.count(b"=") == len(args) and _PLAIN_PAIRS.fullmatch(sent)
        self._own = f"{root}{path}?{sent.decode()}" if is_ready else self._with(args.to_dict())

    def address(self, **changed: Any) -> str:
        """The request's own address, with some parameters changed."""
        if not self.args.keys().isdisjoint(changed):
            return self._with(self.args.to_dict() | changed)
        return f"{self._own}{'&' if self.args else '?'}{_query(changed)}" if changed else self._own

    def in_form(self, form: str) -> str:
        """The address of the same in another format, a word of the parameter `f`."""
        if "f" in self.args:
            return self.address(f=form)
        return f"{self._own}{'&' if self.args else '?'}f={form}"

    def _with(self, args: dict[str, Any]) -> str:
        return f"{self.root}{self.path}?{_query(args)}" if args else f"{self.root}{self.path}"


def _query(args: dict[str, Any]) -> str:
    return urlencode(args, safe=SAFE)


def request_url() -> RequestUrl:
    """That of the request at hand."""
    http_request = current_request()
    return RequestUrl(public_address(), http_request.path, http_request.args, http_request.query_string)
