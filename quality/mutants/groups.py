"""Which modules are mutated, and the tests that have to notice, fastest first."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = "tests/integration/web/operations/test_operations.py"
TURNED_AWAY = "test_a_form_too_many_is_turned_away_counted_and_as_well_dressed_as_every_answer"
PROMISED_NUMBERS = "tests/integration/test_promised_numbers.py::test_a_number_is_the_one_that_is_promised"


@dataclass(frozen=True, slots=True)
class Group:
    """Modules by path or folder below `directory/`, and arguments of pytest."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    def paths(self) -> list[Path]:
        """The files of the modules, relative to the repository."""
        folder = ROOT / "directory"
        files = [path for name in self.modules for path in sorted(folder.glob(name))]
        return [path.relative_to(ROOT) for path in files]


GROUPS = {
    "freshness": Group(("zones/freshness.py",), ("tests/unit/zones/test_freshness.py", PROMISED_NUMBERS)),
    "validation": Group(
        ("zones/validation/row_validation.py", "zones/validation/rules.py", "zones/derivations.py",
         "zones/parsing/parsers.py", "zones/parsing/enumeration_parser.py", "zones/parsing/phone_parser.py",
         "zones/parsing/region_parser.py", "zones/parsing/street_parser.py",
         "zones/parsing/date_parser.py", "zones/parsing/composites.py", "zones/parsing/placeholders.py",
         "zones/parsed.py", "zones/validation/department_validation.py", "zones/keys.py"),
        ("tests/unit/zones", "--ignore=tests/unit/zones/hours", "--ignore=tests/unit/zones/test_real_zones.py",
         PROMISED_NUMBERS),
    ),
    "limits": Group(
        ("settings.py", "submissions/quotas.py", "web/http/limits/rate_limits.py", "web/http/limits/request_counts.py",
         "web/http/limits/upload_gate.py", "web/http/limits/client_address.py"),
        ("tests/unit/test_settings.py", "tests/unit/web/http", PROMISED_NUMBERS,
         "tests/integration/submissions/test_quotas.py", f"{OPERATIONS}::{TURNED_AWAY}"),
    ),
    "hours": Group(("zones/hours/*.py", "zones/hours/parsing/*.py"), ("tests/unit/zones/hours",)),
    "search": Group(
        ("search/geography/nearest_index.py", "search/service.py", "search/closest_to_meet.py",
         "search/geography/crossings.py", "search/geography/land_mask.py", "search/filters.py",
         "search/zone_features.py", "search/zone_status.py", "search/snapshots/snapshot.py"),
        ("tests/unit/search", "--ignore=tests/unit/search/cql", "--ignore=tests/unit/search/meetings",
         PROMISED_NUMBERS),
    ),
    "results": Group(
        ("search/search_pass.py", "search/zone_judge.py", "search/results.py", "search/visit_time.py"),
        ("tests/unit/search/test_service.py", "tests/unit/search/test_service_against_every_zone.py",
         "tests/unit/search/test_service_by_time.py", "tests/unit/search/test_search_pass.py", PROMISED_NUMBERS),
    ),
    "meeting": Group(
        ("search/meetings/meeting_search.py", "search/meetings/meeting_pass.py", "search/geography/meeting_index.py",
         "search/meetings/meeting_results.py"),
        ("tests/unit/search/meetings", "tests/unit/search/geography/test_meeting_index.py", PROMISED_NUMBERS),
    ),
    "travel": Group(
        ("search/travel_order.py", "routing/bounds.py", "routing/travel_times.py"),
        ("tests/unit/routing", "tests/unit/search/test_travel_order.py", "tests/unit/search/test_service_by_time.py",
         PROMISED_NUMBERS),
    ),
    "cql": Group(
        ("search/cql/*.py", "search/zone_table.py"),
        ("tests/unit/search/cql", "tests/unit/search/test_zone_table.py", PROMISED_NUMBERS),
    ),
    "verification": Group(
        ("zones/departments/agencies.py", "verification/governments.py", "verification/domain_ownership.py",
         "verification/mail_domains.py", "verification/domain_lookalikes.py"),
        ("tests/unit/verification", "tests/integration/verification/test_registered_domains.py",
         "tests/integration/verification/test_agencies.py"),
    ),
}  # fmt: skip
