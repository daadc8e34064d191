"""Every SAFEZONES_* variable: typed, with a default that works, checked at start."""

import os
import re
import shutil
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, SecretStr, TypeAdapter, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from directory import __version__
from directory.signing_keys import SHORTEST_KEY, FallbackKey, KeyFile, SigningKeys

PACKAGE = Path(__file__).resolve().parent
MAILS_PER_DAY = 2_000
MEGABYTE = 1_000_000
PREFIX = "SAFEZONES_"
LIMIT_STORAGES = ("memory", "redis", "rediss", "redis+unix", "redis+sentinel", "redis+cluster")
ROUTERS = ("valhalla", "osrm")
ROUTER_EXAMPLE = "valhalla:http://127.0.0.1:8002"
PUBLIC_ROUTERS = ("project-osrm.org", "openstreetmap.de", "openstreetmap.org", "stadiamaps.com", "mapbox.com")
"""Hosts of services for everybody: nobody's place is sent there."""
_SECRET = re.compile("SECRET|PASS|PWD|TOKEN|KEY|OPTIONS")
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.{}\[\]-]+(:\d+)?")
_HTTP_URL = TypeAdapter(HttpUrl)


LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_address(place: str) -> bool:
    """Whether a basemap stands on another server, not on this machine's disk."""
    return place.startswith(("https://", "http://"))


def packaged(name: str) -> Path:
    """The path of a file or folder at the top of the repository, or inside the package in a wheel."""
    beside = PACKAGE.parent / name
    return beside if (PACKAGE.parent / "pyproject.toml").exists() else PACKAGE / name


class Settings(BaseSettings):
    """The configuration, read only from environment variables with the prefix SAFEZONES_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

    data_dir: Path = Field(Path("var"), description="where the database, its backups and unpacked data live")
    database_url: str = Field("", description="SQLAlchemy URL; default: SQLite in data_dir")
    zones_file: Path = Field(packaged("data/zones.geojson"), description="imported into an empty database")
    base_url: str = Field("", description="public address of the site, for links in feeds and sitemaps")
    contact: str = Field("", description="who runs this server: an e-mail or page; published, and told to geocoders")
    secret_key: str = Field(
        "", description="signs forms, seals geocoders' answers; default: made once and kept in data_dir"
    )
    secret_key_fallbacks: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="earlier secret keys, separated by spaces: they open what they signed, and sign nothing new"
    )
    proxies: int = Field(0, ge=0, le=5, description="how many reverse proxies stand in front")

    geocoders: Annotated[tuple[str, ...], NoDecode] = Field(
        ("census", "nominatim"), description="online geocoders, in order; empty: none"
    )
    geocoder_options: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description='JSON: options of keyed geopy geocoders, {"opencage": {"api_key": "…"}}',
    )
    geocoding_seconds: float = Field(3.0, gt=0, le=30, description="the whole chain's deadline")
    census_url: str = "https://geocoding.geo.census.gov/geocoder/locations/onelineaddress"
    nominatim_url: str = "https://nominatim.openstreetmap.org"
    nominatim_interval: float = Field(1.0, ge=0, description="seconds between requests, over all workers")
    photon_url: str = "https://photon.komoot.io"

    router: str = Field(
        "",
        description="a routing server of your own, for travel times: valhalla:http://… or osrm:http://…; empty: none",
    )

    basemap: str = Field(
        "", description="streets of your own: a PMTiles file on this machine, or the https:// address of one"
    )
    tile_url: str = Field(
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        description="pictures of streets, used where there is no basemap; empty: none",
    )
    tile_attribution: str = "© OpenStreetMap contributors"
    tile_attribution_url: str = "https://www.openstreetmap.org/copyright"
    tile_max_zoom: int = Field(19, ge=1, le=24)

    limits_storage: str = Field("memory://", description="where rate limits are counted; redis://… for several")
    api_per_minute: int = Field(600, ge=1, description="API requests from one address")
    reports_per_hour: int = Field(10, ge=1, description="problem reports from one address")
    visits_per_day: int = Field(30, ge=1, description="answers to “Were you there?” from one address")

    offline_copies: bool = Field(True, description="whether browsers may save the tips and kept zones (service worker)")
    watch_sources: bool = Field(False, description="whether `safezones watch-sources` may ask other web sites")
    min_free_mb: int = Field(200, ge=0, description="free disk of data_dir below which /readyz says degraded, in MB")
    log_requests: bool = Field(False, description="log every request's route, status and time, not only troubled ones")
    metrics_token: SecretStr = Field(SecretStr(""), description="who may read /metrics; empty: this machine only")

    smtp_host: str = Field("", description="the mail server; empty: mails are written to data_dir/mail as .eml files")
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = Field("directory@localhost", pattern=r"^[^@\s]+@[^@\s]+$", description="the sender of every mail")
    mails_per_day: int = Field(MAILS_PER_DAY, ge=1, description="mails to anybody within 24 hours; sign-in links go on")

    submissions_per_hour: int = Field(30, ge=1, description="forms sent by one address, of each kind")
    drafts_per_day: int = Field(20, ge=1, description="drafts begun from one address")
    drafts_megabytes: int = Field(1_000, ge=1, description="what all undecided submissions may take together")
    clock_ahead_days: int = Field(0, ge=0, le=3650, description="rehearse the future: how far this clock runs ahead")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_variables(cls, values: Any) -> Any:
        if unknown := unknown_variables():
            raise ValueError("; ".join(_refusal(name, similar_name) for name, similar_name in unknown.items()))
        return values

    @field_validator("secret_key_fallbacks", mode="before")
    @classmethod
    def _apart(cls, value: object) -> object:
        _refuse_quotes(value)
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("secret_key_fallbacks")
    @classmethod
    def _keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for number, key in enumerate(value, 1):
            if len(key) < SHORTEST_KEY:
                raise ValueError(
                    f"key {number} of {len(value)} has only {len(key)} characters, and a key has {SHORTEST_KEY} at "
                    "least. Give whole keys, separated by spaces"
                )
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        _refuse_quotes(value)
        if value and len(value) < SHORTEST_KEY:
            raise ValueError(
                f"it signs forms and links, and has only {len(value)} characters. Give at least {SHORTEST_KEY} that "
                "nobody can guess, or leave it out: one is made and kept in the data folder"
            )
        return value

    @field_validator("limits_storage")
    @classmethod
    def _known_storage(cls, value: str) -> str:
        scheme, separator, _rest = value.partition("://")
        if not separator or scheme not in LIMIT_STORAGES:
            raise ValueError("limits can be counted at memory:// (each worker for itself) or redis://host:port/number")
        return value

    @field_validator("geocoders", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Accept "census,nominatim" and an empty string."""
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value:
            return value
        if "://" not in value:
            raise ValueError(f"it does not say how it is reached. Write it with its scheme, such as https://{value}")
        _HTTP_URL.validate_python(value)
        parts = urlsplit(value)
        if parts.path.strip("/") or "?" in value or "#" in value or "@" in parts.netloc:
            raise ValueError(
                "the site stands at the top of its host. Give scheme, host and port only, such as "
                f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
            )
        return value.rstrip("/")

    @field_validator("census_url", "nominatim_url", "photon_url")
    @classmethod
    def _http(cls, value: str) -> str:
        _HTTP_URL.validate_python(value)
        return value.rstrip("/")

    @field_validator("router")
    @classmethod
    def _own_router(cls, value: str) -> str:
        if not value:
            return value
        kind, _, url = value.partition(":")
        if kind not in ROUTERS:
            raise ValueError(f"begin with {' or '.join(f'{name}:' for name in ROUTERS)}, as in {ROUTER_EXAMPLE}")
        try:
            _HTTP_URL.validate_python(url)
        except ValidationError:
            raise ValueError(f"the address is none of http:// or https://. Write it as in {ROUTER_EXAMPLE}") from None
        parts = urlsplit(url)
        if "?" in url or "#" in url or "@" in parts.netloc:
            raise ValueError(f"give scheme, host, port and path only, as in {ROUTER_EXAMPLE}")
        if (parts.hostname or "").endswith(PUBLIC_ROUTERS):
            raise ValueError("this is a public service, which would learn where people are. Run one of your own")
        return value.rstrip("/")

    @field_validator("basemap")
    @classmethod
    def _own_basemap(cls, value: str) -> str:
        if not is_address(value):
            return value
        _HTTP_URL.validate_python(value)
        parts = urlsplit(value)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("browsers ask this address: it has to begin with https://")
        if "@" in parts.netloc or "?" in value or "#" in value or not parts.path.endswith(".pmtiles"):
            raise ValueError("give the address of one file, as in https://maps.example.org/region.pmtiles")
        return value

    @field_validator("tile_url")
    @classmethod
    def _tiles(cls, value: str) -> str:
        if not value:
            return value
        _HTTP_URL.validate_python(value.replace("{s}", "a"))
        for part in ("{z}", "{x}", "{y}"):
            if part not in value:
                raise ValueError(f"a tile URL needs {part}")
        if not _PLAIN_HOST.fullmatch(urlsplit(value).netloc):
            raise ValueError("its host goes into the pages' security policy: a name, and a port where it needs one")
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'directory.sqlite').resolve()}"

    @property
    def streets_are_ours(self) -> bool:
        """Whether browsers ask no other host for a map's background."""
        return not is_address(self.basemap) if self.basemap else not self.tile_url

    @property
    def backups_dir(self) -> Path:
        """The default folder of `safezones backup`."""
        return self.data_dir / "backups"

    @property
    def user_agent(self) -> str:
        """The User-Agent header for geocoders, routers, and servers whose pages and lists are read."""
        return f"SafeZoneDirectory/{__version__}" + (f" ({self.contact})" if self.contact else "")

    @property
    def key_file(self) -> KeyFile | None:
        """The keys in the data folder; None where the key is a setting."""
        return None if self.secret_key else KeyFile(self.data_dir)

    @property
    def signing_keys(self) -> SigningKeys:
        """The configured keys, else those of the data folder, where one is created at the first start.

        To be kept by whoever asks often: it looks at the files each time, and reads them only when they changed.
        """
        file = self.key_file
        if file is None:
            return SigningKeys.of(self.secret_key, *self.secret_key_fallbacks)
        return SigningKeys(lambda: (*file.read(), *self.secret_key_fallbacks))

    @property
    def fallback_keys(self) -> list[FallbackKey]:
        """The keys that sign nothing new: those of the data folder, then those that are settings. Raises OSError."""
        file = self.key_file
        return [*(file.fallbacks() if file else ()), *map(FallbackKey, self.secret_key_fallbacks)]

    @property
    def signing_key(self) -> str:
        """The key for everything new, as it is now. Raises OSError."""
        return self.signing_keys.newest

    def free_bytes(self) -> int | None:
        """Free bytes on the disk of the data folder; None when unknown."""
        try:
            return shutil.disk_usage(self.data_dir).free
        except OSError:
            return None

    def is_short_of_disk(self, free_bytes: int) -> bool:
        """Whether `free_bytes` is below `min_free_mb`."""
        return free_bytes < self.min_free_mb * MEGABYTE

    def scratch_dir(self) -> Path:
        """The data folder when it is writable, else a temporary folder of the system."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.data_dir):
                return self.data_dir
        except OSError:
            return Path(tempfile.gettempdir()) / "safezones"


def _refuse_quotes(value: object) -> None:
    """Some readers of files with variables leave quotes in the value: one machine would have another key than others.

    Raises ValueError.
    """
    if isinstance(value, str) and re.fullmatch(r"""(["']).*\1""", value.strip()):
        raise ValueError(
            "it begins and ends with a quote, such as `docker run --env-file` leaves in it. Write it without quotes; "
            "docs/keys.md says what to do when they have always been there"
        )


def unknown_variables() -> dict[str, str]:
    """The variables with our prefix that name no setting, each with the one that was probably meant, or ""."""
    valid = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    names = [name for name in sorted(os.environ) if name.upper().startswith(PREFIX) and name.upper() not in valid]
    return {name: next(iter(get_close_matches(name.upper(), valid)), "") for name in names}


def unknown_variable(name: str) -> str:
    """What is said of a variable that names no setting. Its value is not told: it may be a secret."""
    return f"{name}: there is no such setting"


def problems(error: ValidationError) -> list[str]:
    """One sentence for each invalid setting: variable, value (hidden for secrets) and remedy."""
    messages = []
    for item in error.errors():
        message = item["msg"].removeprefix("Value error, ")
        if item["loc"]:
            name = f"{PREFIX}{item['loc'][0]}".upper()
            message = f"{describe_variable(name, item['input'])}: {message}"
        messages.append(message)
    return messages


def describe_variable(name: str, value: object) -> str:
    """A variable with its value; the values of secrets are hidden."""
    visible = value if not _SECRET.search(name.upper()) else "…"
    return f"{name}={shown_address(str(visible))[:200]}"


def shown_address(address: str) -> str:
    """An address without whatever may be a secret in it: who asks there, and the values of its parameters."""
    return re.sub(r"([?&;][^=&;\s]+)=[^&;\s]*", r"\1=…", re.sub(r"://\S*@", "://…@", address))


def _refusal(name: str, similar_name: str) -> str:
    suggestion = f"Did you mean {similar_name}? " if similar_name else ""
    return f"{unknown_variable(name)}. {suggestion}docs/settings.md lists them all"
