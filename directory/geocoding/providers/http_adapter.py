"""The HTTP client of the geocoders: limits the size of a response and follows redirects within its host only."""

from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderServiceError

MAX_RESPONSE_BYTES = 1 << 20
"""The largest response that is read; useful ones have at most some ten thousand bytes."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


class BoundedAdapter(URLLibAdapter):  # type: ignore[misc]
    """geopy's adapter for urllib with a size limit and without redirects to other hosts.

    geopy's adapter for `requests` retries every call twice, which triples its timeout.
    """

    def __init__(self, *, proxies: Any, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        opener = build_opener(HTTPSHandler(context=ssl_context), ProxyHandler(proxies), SameHostRedirects())
        self.urlopen = opener.open

    def _decode_page(self, page: Any) -> str:
        try:
            body = page.read(MAX_RESPONSE_BYTES + 1)
        except Exception as error:  # any failure while reading
            raise GeocoderServiceError("Unable to read the response") from error
        finally:
            page.close()
        if len(body) > MAX_RESPONSE_BYTES:
            raise GeocoderServiceError(f"The response has more than {MAX_RESPONSE_BYTES} bytes")
        return str(body, page.headers.get_content_charset() or "utf-8")


class SameHostRedirects(HTTPRedirectHandler):
    """Follows redirects within a host and its port, or from its http to its https."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """The next request. Raises HTTPError when it would leave the host."""
        if not _same_host(urlsplit(req.full_url), urlsplit(newurl)):
            raise HTTPError(req.full_url, code, "The redirect leads to another host", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _same_host(source: SplitResult, target: SplitResult) -> bool:
    if source.hostname != target.hostname:
        return False
    origins = [(url.scheme, url.port or _DEFAULT_PORTS.get(url.scheme)) for url in (source, target)]
    return origins[0] == origins[1] or origins == list(_DEFAULT_PORTS.items())
