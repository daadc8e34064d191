"""The command that writes the map of a town or of a search, as one page."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy import Engine

from directory.cli.common import CommandError, address_errors, errors, friendly_errors, notes_of, replacing
from directory.cli.databases import open_current_database
from directory.formats.edition import PAGE, PLAIN, Edition
from directory.geo import METERS_PER_MILE
from directory.geocoding.factory import build_chain
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.results import Geocode
from directory.maps.map_script import Tiles, UnsafeMapSettingError
from directory.maps.mapped_zones import DISTANCE, PLACE
from directory.maps.town_names import TownNames
from directory.maps.zone_map import zone_map
from directory.regions import read_region
from directory.search.results import FAR_M
from directory.search.service import MAX_LIMIT, SearchService
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.search.zone_features import zone_feature
from directory.settings import Settings
from directory.store.directory_reader import read_directory
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from directory.store.repository import StoredTown, StoredZone
from directory.zones.keys import name_in_slug, town_slug

TitledZones = tuple[str, list[tuple[StoredZone, float | None]], Geocode | None]
"""A title, and zones with their distance in meters from the place that was searched for, which is the third."""


@click.command("map")
@click.option(
    "--town", default="", metavar="STATE/TOWN", help='all zones of a town: ct/new-canaan, or "New Canaan, CT"'
)
@click.option("--near", default="", metavar="ADDRESS", help="the zones nearest to an address, a town or a postal code")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, MAX_LIMIT), help="zones of a search")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="the page: map.html"
)
@click.option("--tiles", default="", metavar="URL", help="pictures of streets, with {z}, {x} and {y}, for who opens it")
@click.option("--tiles-credit", default="", metavar="TEXT", help="whom to name for them")
def map_command(town: str, near: str, limit: int, output: Path, tiles: str, tiles_credit: str) -> None:
    """Write a map of a town or of a search as one page, for mails and reports.

    The page holds all it needs: it opens without a network, and asks nobody for anything, except for --tiles. The zones
    stand under the map as text, with the day, the licence and whom to name. SAFEZONES_BASE_URL makes their names links.
    """
    if bool(town) == bool(near):
        raise CommandError('say of what: either --town ct/new-canaan, or --near "174 South Avenue, New Canaan, CT"')
    with friendly_errors():
        settings = Settings()
        streets = _tiles(tiles, tiles_credit)
        engine = open_current_database(settings)
        gazetteer = Gazetteer.open_best(settings.data_dir, settings.scratch_dir())
        if town:
            title, zones, place = _in_town(town, Snapshot(read_directory(engine)), gazetteer)
        else:
            title, zones, place = _near(near, limit, engine, settings)
        features: dict[str, Any] = {
            "type": "FeatureCollection", "features": list(_features(zones, settings)),
        }  # fmt: skip
        if place is not None:
            features[PLACE] = place.to_json()
        page = zone_map(features, title, tiles=streets, names=TownNames(gazetteer)).get_root().render()
        with replacing(output) as file:
            file.write(page.encode())
    errors.print(f"{title}: {len(zones)} written to {output}", markup=False)


def _tiles(url: str, credit: str) -> Tiles | None:
    """The pictures of streets that were asked for. Raises CommandError."""
    if bool(url) != bool(credit):
        raise CommandError('--tiles and --tiles-credit go together: --tiles-credit "© OpenStreetMap contributors"')
    if not url:
        return None
    try:
        return Tiles(Settings(tile_url=url).tile_url, credit)
    except ValidationError as error:  # of the address: what the site would not take either
        raise CommandError(f"--tiles {url}: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error
    except UnsafeMapSettingError as error:
        raise CommandError(f"--tiles, --tiles-credit: {error}") from error


def _in_town(text: str, now: Snapshot, gazetteer: Gazetteer) -> TitledZones:
    """The zones of a town. Raises CommandError, which names the towns that may be meant."""
    state, slash, name = text.partition("/")
    if not slash:
        name, _comma, state = text.rpartition(",")
    name, code = name_in_slug(name.strip()), read_region(state.strip())
    town = now.towns.get(town_slug(name, code)) or now.town_named(name, code)
    if town is None:
        suggestions = [_address(other) for other in now.towns_spelt_like(name, code)]
        places = gazetteer.places(name, code) or gazetteer.places_spelt_like(name, code)
        suggestions += [f'--near "{place.label}"' for place in places]
        remedy = (
            f"Did you mean {', or '.join(suggestions)}?"
            if suggestions
            else "Write it as in ct/new-canaan, or use --near"
        )
        raise CommandError(f"the directory has no town {text!r}. {remedy}")
    zones = now.by_town.get(town.slug)
    label = f"{town.name}, {town.state}"
    if not zones:
        raise CommandError(f'there is no zone in {label}. --near "{label}" shows the nearest ones')
    return f"Safe zones in {label}", [(zone, None) for zone in zones], None


def _address(town: StoredTown) -> str:
    return f"--town {town.slug}"


def _near(text: str, limit: int, engine: Engine, settings: Settings) -> TitledZones:
    """The nearest zones to what the text names. Raises CommandError, which names the places that may be meant."""
    chain = build_chain(settings, StoredAnswers(engine, settings.signing_keys), StoredRateLimits(engine))
    with address_errors():
        result = SearchService(chain, SnapshotCache(engine)).search(text, limit=limit, within_m=FAR_M)
    for note in notes_of(result.answer):
        errors.print(note, markup=False)
    if result.place is None:
        labels = "; ".join(place.label for place in result.answer.candidates)
        raise CommandError(f"{text!r} may be: {labels}. Write one of these, or a town in it")
    if not result.hits:
        closest = result.closest_shown
        miles = f", the nearest is {closest.distance_m / METERS_PER_MILE:.0f} miles away" if closest else ""
        raise CommandError(f"no zone is within {FAR_M / METERS_PER_MILE:.0f} miles of {result.place.label}{miles}")
    return f"Safe zones near {result.place.label}", [(hit.zone, hit.distance_m) for hit in result.hits], result.place


def _features(zones: Iterable[tuple[StoredZone, float | None]], settings: Settings) -> Iterable[dict[str, Any]]:
    edition = Edition.of_site(settings.base_url.rstrip("/"), None) if settings.base_url else PLAIN
    for zone, distance_m in zones:
        feature = zone_feature(zone)
        feature["properties"] |= {PAGE: edition.page_of(zone), DISTANCE: distance_m}
        yield feature
