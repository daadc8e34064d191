"""Whether SAFEZONES_PROXIES is the number of proxies that requests really come through."""

from collections import Counter, deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from flask import current_app

from directory.web.http.limits.client_address import is_loopback
from directory.web.http.urls import FOR_OPERATORS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "safezones.proxy_hops"
REMEMBERED = 200
"""Requests of visitors that a worker remembers, each as one number."""
FEWEST = 50
"""With fewer nothing is said."""
FEW = 0.05
"""The part of them that may have come around the proxies, such as those of programs of this machine."""


class ProxyHops:
    """A WSGI application in front of another, which counts the addresses in X-Forwarded-For.

    Each proxy adds one. A visitor may add some too, so that the fewest that were seen tell how many proxies there are.
    Only the numbers are remembered, no address.
    """

    def __init__(self, application: "WSGIApplication", proxies: int) -> None:
        self._application, self._proxies = application, proxies
        self._hop_counts: deque[int] = deque(maxlen=REMEMBERED)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the request; those of operators and of this machine's own programs do not count."""
        addresses = environ.get("HTTP_X_FORWARDED_FOR", "")
        if environ.get("PATH_INFO") not in FOR_OPERATORS and not (addresses and is_loopback(addresses)):
            self._hop_counts.append(addresses.count(",") + 1 if addresses else 0)
        return self._application(environ, start_response)

    def problem(self) -> str:
        """What is wrong with the setting, and after the first full stop what to do; empty where nothing is known."""
        by_hops = Counter(self._hop_counts.copy())
        total = by_hops.total()
        if total < FEWEST:
            return ""
        came, is_set = f"of the last {total} requests came with", f"and SAFEZONES_PROXIES is {self._proxies}"
        fewest = min((number for number, times in by_hops.items() if times > FEW * total), default=min(by_hops))
        if fewest < self._proxies:
            fix = "Set" if fewest else "Let the proxy add the visitor's address, as those of deploy/ do, or set"
            return (
                f"{by_hops[fewest]} {came} {fewest} addresses in X-Forwarded-For, {is_set}: visitors share one limit, "
                f"and may pretend to be others. {fix} SAFEZONES_PROXIES={fewest}."
            )
        if min(by_hops) > self._proxies:
            return (
                f"All {came} {min(by_hops)} addresses in X-Forwarded-For or more, {is_set}: visitors share one limit. "
                f"Set SAFEZONES_PROXIES={min(by_hops)} if so many proxies stand in front."
            )
        return ""


def proxy_problem() -> str:
    """What the application at hand has seen."""
    return cast(ProxyHops, current_app.extensions[KEY]).problem()
