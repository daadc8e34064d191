"""The public address, and the proxies between a visitor and the site."""

from contextlib import suppress
from urllib.parse import urlsplit

from directory.doctor.amounts import counted
from directory.doctor.diagnosis import Diagnoses, warning, well
from directory.doctor.installation import Installation
from directory.doctor.site_answer import NoAnswerError
from directory.settings import LOOPBACK


def check_base_url(installation: Installation) -> Diagnoses:
    """Links in mails lead there; https:// makes cookies secure."""
    url = installation.settings.base_url
    if not url:
        yield warning(
            "SAFEZONES_BASE_URL is not set: links in mails lead to this machine only", "set it to https://NAME"
        )
    elif url.startswith("https://"):
        yield well(url)
    elif urlsplit(url).hostname in LOOPBACK:
        yield warning(
            f"{url}: links in mails lead to this machine only", "set SAFEZONES_BASE_URL to the public address"
        )
    else:
        yield warning(f"{url}: whoever is on the way reads sign-ins", "set up TLS, then SAFEZONES_BASE_URL=https://…")


def check_proxies(installation: Installation) -> Diagnoses:
    """Too few, and all visitors share one limit; too many, and a visitor can pretend to be another.

    What requests really came through counts more than what the settings look like.
    """
    settings = installation.settings
    if site_problem := _problem_of_the_site(installation):
        finding, _, remedy = site_problem.partition(". ")
        yield warning(finding, remedy)
        return
    public = settings.base_url and urlsplit(settings.base_url).hostname not in LOOPBACK
    if public and not settings.proxies:
        yield warning(
            f"SAFEZONES_PROXIES is 0, and {settings.base_url} is reached through a proxy: all visitors share one limit",
            "set SAFEZONES_PROXIES=1 for the Caddy or nginx of deploy/, 2 with a CDN before it",
        )
    elif settings.proxies and not settings.base_url:
        yield warning(
            f"SAFEZONES_PROXIES={settings.proxies} without a public address: whoever reaches the port names any sender",
            "set SAFEZONES_PROXIES=0 where no proxy stands in front",
        )
    elif settings.proxies > 1:
        yield well(
            f"{settings.proxies}: right where each of them adds the visitor's address to X-Forwarded-For; the Caddy or "
            "nginx of deploy/ is one, a CDN before it another; the site says so when its requests show another number"
        )
    else:
        yield well(counted(settings.proxies, "proxy") if settings.proxies else "0: visitors reach the site directly")


def _problem_of_the_site(installation: Installation) -> str:
    with suppress(NoAnswerError):  # the line of the site says so
        readiness = installation.readiness
        return str(readiness["checks"].get("proxies", {}).get("problem", "")) if readiness else ""
    return ""
