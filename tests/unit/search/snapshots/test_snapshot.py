"""A snapshot: everything findable, and what did not change taken over from the one before."""

import gc
from dataclasses import replace
from datetime import timedelta
from weakref import ref

from directory.clock import now
from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import DirectoryRows, StoredDepartment, StoredTown, StoredTownProfile, StoredZone
from directory.zones.programs import Program
from directory.zones.schemas import Status
from tests.support.stored_zones import snapshot_of, stored_zone


def town(name: str, *other_names: str, state: str = "CT", slug: str = "") -> StoredTown:
    return StoredTown(
        name=name, state=state, country="US", other_names=list(other_names), slug=slug or f"ct/{name.lower()}"
    )


def department(name: str, state: str = "CT") -> StoredDepartment:
    return StoredDepartment(name=name, state=state, country="US", slug=f"{state}/{name}".lower().replace(" ", "-"))


def ids(zones: list[StoredZone]) -> list[str]:
    return [zone.zone_id for zone in zones]


def test_zones_are_found_by_town_department_and_state_unless_they_are_withdrawn() -> None:
    snapshot = snapshot_of(
        stored_zone("a"),
        stored_zone("b", town_slug="ct/wilton", department_slug="ct/wilton-police"),
        stored_zone("c", state="NY"),
        stored_zone("gone", status=Status.WITHDRAWN),
    )
    assert ids(snapshot.by_town["ct/weston"]) == ["a", "c"] and ids(snapshot.by_town["ct/wilton"]) == ["b"]
    assert ids(snapshot.by_department["ct/weston-police-department"]) == ["a", "c"]
    assert ids(snapshot.by_state["CT"]) == ["a", "b"]
    assert ids(snapshot.listed) == ["a", "b", "c"] and "gone" in snapshot.by_id


def test_an_index_is_taken_over_while_every_zone_is_where_it_was() -> None:
    zone, other = stored_zone("a"), stored_zone("b", latitude=42.0)
    first = snapshot_of(zone, other)
    assert snapshot_of(zone, stored_zone("b", latitude=42.0, name="Renamed"), before=first).index is first.index
    assert snapshot_of(zone, stored_zone("b", latitude=42.1), before=first).index is not first.index
    assert snapshot_of(zone, stored_zone("b", latitude=42.0, longitude=-70.0), before=first).index is not first.index
    assert snapshot_of(zone, before=first).index is not first.index
    assert len(snapshot_of(zone).index) == 1


def test_names_of_towns_are_taken_over_while_the_towns_are_the_very_same() -> None:
    first = snapshot_of(towns=(town("Weston"),))
    assert Snapshot(replace(first.directory, revision=2), first).town_names is first.town_names
    wilton = town("Wilton")
    later = Snapshot(replace(first.directory, towns={wilton.slug: wilton}, rows=DirectoryRows()), first)
    assert later.town_named("Wilton", "CT") == wilton and later.town_named("Weston", "CT") is None


def test_zones_that_were_not_taken_over_are_counted() -> None:
    zone = stored_zone("a")
    first = snapshot_of(zone)
    second = snapshot_of(zone, stored_zone("b"), before=first)
    assert (first.zones_that_are_new_since(None), second.zones_that_are_new_since(first)) == (1, 1)


def test_features_of_zones_that_stay_are_taken_over() -> None:
    zone = stored_zone("a")
    first = snapshot_of(zone)
    feature = first.collection.split_feature(zone)
    assert snapshot_of(zone, before=first).collection.split_feature(zone) is feature


def test_a_minute_is_judged_once_and_kept_beside_one_that_somebody_plans_for() -> None:
    snapshot = snapshot_of(stored_zone("a"))
    present = now()
    planned, other = present + timedelta(days=3), present + timedelta(days=4)
    view = snapshot.minute_view(planned)
    assert view.minute == planned.replace(second=0, microsecond=0)
    here = snapshot.minute_view(present)
    assert snapshot.minute_view(planned) is view and snapshot.minute_view(present.replace(second=0)) is here
    snapshot.minute_view(other)
    assert snapshot.minute_view(planned) is not view


def test_a_minute_that_has_passed_makes_room_for_the_next() -> None:
    snapshot = snapshot_of(stored_zone("a"))
    passed = ref(snapshot.minute_view(now() - timedelta(minutes=2)))
    snapshot.minute_view(now())
    gc.collect()
    assert passed() is None


def test_what_is_made_of_a_snapshot_is_made_once_for_each_key() -> None:
    snapshot, calls = snapshot_of(stored_zone("a")), []

    def make() -> int:
        calls.append(1)
        return len(calls)

    assert [snapshot.once("a", make), snapshot.once("a", make), snapshot.once("b", make)] == [1, 1, 2]


def test_what_is_made_for_a_day_goes_when_another_day_is_asked_for() -> None:
    class Drawn:
        pass

    snapshot = snapshot_of(stored_zone("a"))
    first = ref(snapshot.latest("map", "Monday", Drawn))
    assert snapshot.latest("map", "Monday", Drawn) is first()
    second = snapshot.latest("map", "Tuesday", Drawn)
    assert first() is None
    assert snapshot.latest("map", "Tuesday", Drawn) is second


def test_a_version_is_another_for_another_generation_or_number_of_zones() -> None:
    zone = stored_zone("a")
    same, later, larger = snapshot_of(zone), snapshot_of(zone, generation=2), snapshot_of(zone, stored_zone("b"))
    assert snapshot_of(zone).version == same.version and len(same.version) == 16
    assert len({one.version for one in (same, later, larger)}) == 3


def sites(snapshot: Snapshot, *towns: str) -> tuple[str, ...] | None:
    return snapshot.sites_that_may_show(towns)


def test_a_site_may_show_towns_of_which_every_one_that_names_sites_names_it() -> None:
    snapshot = snapshot_of(
        profiles={
            "ct/weston": StoredTownProfile(embed_sites=("a.example", "b.example")),
            "ct/wilton": StoredTownProfile(embed_sites=("b.example", "c.example")),
            "ct/easton": StoredTownProfile(embed_sites=("b.example", "a.example")),
            "ct/darien": StoredTownProfile(),
        }
    )
    assert sites(snapshot, "ct/easton", "ct/weston") == ("b.example", "a.example"), "as the first town has them"
    assert sites(snapshot, "ct/weston") == ("a.example", "b.example")
    assert sites(snapshot, "ct/weston", "ct/wilton") == ("b.example",)
    assert sites(snapshot, "ct/weston", "ct/darien", "ct/unknown") == ("a.example", "b.example")
    assert sites(snapshot, "ct/darien") is None


def test_photos_of_zones_and_logos_of_towns_are_known() -> None:
    profiles = {"ct/weston": StoredTownProfile(logo="logo"), "ct/wilton": StoredTownProfile()}
    assert snapshot_of(stored_zone("a", photo="photo"), stored_zone("b"), profiles=profiles).photos == {"photo", "logo"}


def test_a_town_is_found_by_its_own_name_before_the_other_names_of_others() -> None:
    snapshot = snapshot_of(towns=(town("Redding", "Georgetown", "Weston"), town("Weston", "Georgetown")))
    for name, slug in (("Weston", "ct/weston"), ("georgetown", "ct/redding"), ("REDDING", "ct/redding")):
        named_town = snapshot.town_named(name, "CT")
        assert named_town is not None and named_town.slug == slug
    assert snapshot.town_named("Weston", "NY") is None


def test_towns_are_named_that_are_spelt_with_one_letter_more_less_or_other_in_the_same_state() -> None:
    long_name = "a" * 40
    towns = (
        town("Weston"), town("Westol", slug="ct/westol"), town("Westoon", state="NY", slug="ny/westoon"),
        town("Rede"), town("Clark"), town(long_name), town(long_name + "aa", slug="ct/longer"),
    )  # fmt: skip
    snapshot = snapshot_of(towns=towns)

    def slugs(name: str, state: str = "CT") -> list[str]:
        return [one.slug for one in snapshot.towns_spelt_like(name, state)]

    assert slugs("Westom") == ["ct/westol", "ct/weston"]
    assert (slugs("Westoon"), slugs("WESTO"), slugs("Westton")) == (
        ["ct/weston"],
        ["ct/westol", "ct/weston"],
        ["ct/weston"],
    )
    assert slugs("Weston", "NY") == ["ny/westoon"] and slugs("Easton") == [] and slugs("Weston", "VT") == []
    assert (slugs("Redx"), slugs("Clarx"), slugs("Redes")) == ([], ["ct/clark"], ["ct/rede"]), (
        "four letters are too few"
    )
    assert (slugs("b" + long_name[1:]), slugs(long_name + "a")) == ([f"ct/{long_name}"], [])


def test_departments_are_named_whose_police_the_name_means_while_none_is_called_so() -> None:
    weston, wilton = department("Weston Police Department"), department("Police Department")
    snapshot = snapshot_of(
        stored_zone("a", town="Wilton", department_slug=wilton.slug),
        departments=(weston, wilton, department("Town of Weston Police", "NY"), department("Police Service")),
    )

    def like(name: str, state: str = "CT", town: str = "") -> list[str]:
        return [row.name for row in snapshot.departments_like(name, state, town)]

    assert like("Town of Weston Police") == ["Weston Police Department"]
    assert like("Wilton Police") == like("PD", town="Wilton") == ["Police Department"]
    assert like("PD") == [], "whose police that is nobody knows, nor whose the Police Service is"
    assert like("WESTON police department") == [] and like("Darien Police") == []
    assert like("Weston Police", "NY") == ["Town of Weston Police"] and like("Weston Police", "MA") == []


def test_a_program_has_the_sites_of_its_own_department_that_are_not_withdrawn() -> None:
    slug = "ct/weston-police-department"
    program = Program.of(
        {"program_id": "p", "name": "Zones", "department": "Weston Police Department", "state": "CT", "country": "US"}
    )
    assert program.department_slug == slug
    zones = snapshot_of(
        stored_zone("a", program="p"),
        stored_zone("b"),
        stored_zone("c", program="other"),
        stored_zone("d", program="p", department_slug="ct/wilton-police"),
        stored_zone("e", program="p", status=Status.WITHDRAWN),
        stored_zone("f", program="p", country="CA"),
    )
    snapshot = Snapshot(replace(zones.directory, programs={"p": program}))
    assert {name: ids(sites) for name, sites in snapshot.by_program.items()} == {"p": ["a", "f"]}
    assert snapshot.countries == {"US", "CA"}
