"""Does every examination in turn. One that fails says so itself, and the others go on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from directory.db.errors import DatabaseError, UnknownDatabaseError
from directory.doctor.accounts import give_back
from directory.doctor.checks.address import check_base_url, check_proxies
from directory.doctor.checks.backups import check_backups
from directory.doctor.checks.daily_commands import check_daily_commands
from directory.doctor.checks.machine.clock import check_clock
from directory.doctor.checks.machine.database import check_database, check_database_file, check_schema
from directory.doctor.checks.machine.disk import check_disk
from directory.doctor.checks.machine.folders import check_folders
from directory.doctor.checks.machine.time_zones import check_time_zones
from directory.doctor.checks.release import check_release
from directory.doctor.checks.secret_key import check_secret_key
from directory.doctor.checks.services.basemap import check_basemap
from directory.doctor.checks.services.geocoders import check_geocoders
from directory.doctor.checks.services.limits import check_limits
from directory.doctor.checks.services.mail import check_mail_queue, check_mail_server
from directory.doctor.checks.services.router import check_router
from directory.doctor.checks.services.stations import check_stations
from directory.doctor.checks.site import check_site
from directory.doctor.checks.staff import check_staff
from directory.doctor.checks.variables import check_variables
from directory.doctor.checks.zones import check_zones
from directory.doctor.diagnosis import Diagnoses, Diagnosis, problem, unknown
from directory.doctor.installation import Installation
from directory.settings import PREFIX


@dataclass(frozen=True, slots=True)
class Examination:
    """A subject, the function that looks at it, and the settings without which it cannot."""

    name: str
    check: Callable[[Installation], Diagnoses]
    needs: tuple[str, ...] = ()


EXAMINATIONS = (
    Examination("release", check_release),
    Examination("variables", check_variables),
    Examination("site", check_site),
    Examination("data folder", check_folders, ("data_dir", "zones_file")),
    Examination("database", check_database, ("data_dir", "database_url")),
    Examination("schema", check_schema, ("data_dir", "database_url")),
    Examination("database file", check_database_file, ("data_dir", "database_url")),
    Examination("secret key", check_secret_key, ("data_dir", "secret_key", "secret_key_fallbacks")),
    Examination("base address", check_base_url, ("base_url",)),
    Examination("proxies", check_proxies, ("base_url", "proxies")),
    Examination("mail server", check_mail_server, ("smtp_host", "smtp_port", "smtp_security", "mail_from")),
    Examination("mails", check_mail_queue, ("mails_per_day",)),
    Examination("clock", check_clock, ("clock_ahead_days",)),
    Examination("time zones", check_time_zones),
    Examination("disk", check_disk, ("data_dir", "min_free_mb")),
    Examination("backups", check_backups, ("data_dir",)),
    Examination("daily commands", check_daily_commands, ("watch_sources",)),
    Examination("zones", check_zones, ("zones_file",)),
    Examination("stations", check_stations, ("data_dir",)),
    Examination("moderators", check_staff),
    Examination("geocoders", check_geocoders, ("geocoders", "geocoder_options")),
    Examination("router", check_router, ("router",)),
    Examination("basemap", check_basemap, ("basemap",)),
    Examination("rate limits", check_limits, ("limits_storage",)),
)
"""In the order in which an operator mends things: what others depend on comes first."""


def examine(installation: Installation) -> Iterator[tuple[str, Diagnosis]]:
    """Every line, with the name of its examination, as soon as it is known."""
    for examination in EXAMINATIONS:
        for diagnosis in _diagnoses(examination, installation):
            on_one_line = " ".join(diagnosis.finding.split())  # servers answer in lines
            yield examination.name, replace(diagnosis, finding=on_one_line)


def _remedy(error: OSError) -> str:
    path = Path(str(error.filename or ""))
    if isinstance(error, PermissionError) and path.is_file():
        return give_back(path)
    return "correct the setting of this path, or its permissions"


def _diagnoses(examination: Examination, installation: Installation) -> Diagnoses:
    needed = (f"{PREFIX}{field}".upper() for field in examination.needs)
    refused = [name for name in needed if name in installation.refused]
    if refused:
        yield unknown(f"not looked at: {', '.join(refused)} cannot be read")
        return
    try:
        yield from examination.check(installation)
    except (DatabaseError, UnknownDatabaseError):
        yield unknown('not looked at: see "database" and "schema"')
    except OSError as error:
        if isinstance(error, PermissionError | NotADirectoryError) and not installation.data_is_open:
            yield unknown('not looked at: see "data folder"')
            return
        place = error.filename or "a path of this subject"
        yield problem(f"{error.strerror or error}: {str(place)[:200]}", _remedy(error))
    except Exception as error:  # a check that fails must not hide what the others find
        yield problem(
            f"this check failed: {type(error).__name__}", "report it, with the release, as a fault of the program"
        )
