"""A department's programs of many sites: begun, changed and confirmed at its desk."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.log import Author
from directory.db.tables.published.zones import Zone
from directory.db.transaction import Session
from directory.errors import ConflictError
from directory.search.zone_status import local_day
from directory.store.directory_reader import read_programs
from directory.store.repository import department_by_slug, zones_of
from directory.store.writer import DirectoryWriter
from directory.submissions.publishing import confirmed_by_department, word_at_desk
from directory.submissions.risk.assessment import desk_reasons
from directory.submissions.risk.wait_reasons import ChangeWaitsError
from directory.text import translatable
from directory.use_case_context import UseCaseContext
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import attributed, values_of
from directory.zones.findings import FieldError
from directory.zones.programs import SHARED, Program, with_program, yielding

MOST_PROGRAMS = 20
"""Of one department."""


class ProgramChangedError(ConflictError):
    """The program has changed since its form was shown; nothing was written."""


def programs_of(context: UseCaseContext, department: str) -> list[Program]:
    """The programs of the department with this slug, by id. Raises DatabaseError."""
    with context.reading() as session:
        return [one for one in read_programs(session).values() if one.department_slug == department]


def save_program(
    context: UseCaseContext, department: str, program_id: str, values: Mapping[str, Any], sites: Collection[str],
    who: SignedIn, form_version: str,
) -> str:  # fmt: skip
    """Write what a program says and which of the department's zones are its sites; returns its id.

    An empty `program_id` begins a new one. A fact that is changed now is the department's word on all sites: what worse
    sources said of single ones gives way. `form_version` is the `version` of the program that the form showed. It is
    logged under who did it, and confirms nothing. Raises ProgramChangedError, ChangeWaitsError, FieldError or
    DatabaseError.
    """
    with context.writing() as session:
        writer = DirectoryWriter(session, context.gazetteer, Author(who.email, "program"))
        programs = read_programs(session)
        stored = programs.get(program_id) or _new(session, department, programs, str(values["name"]))
        if stored.department_slug != department or version(programs.get(program_id)) != form_version:
            raise ProgramChangedError
        zones = zones_of(session, department)
        source = word_at_desk(who, stored.facts.department, _day(zones))
        facts = stored.facts.model_copy(update=dict(values))
        changed = {fact for fact in SHARED if values_of(facts, fact) != values_of(stored.facts, fact)}
        after = Program(stored.program_id, attributed(facts, source, changed) if changed else facts)
        writer.write_program(after)
        shared_facts = (changed - {"name"}) & after.statements.keys()  # each site keeps its own name
        _put_sites(session, context, writer, programs, after, zones, sites, who, source, shared_facts)
        writer.flush()
        return after.program_id


def _new(session: Session, department: str, programs: Mapping[str, Program], name: str) -> Program:
    """A program that says nothing but its name yet, under a free id."""
    row = department_by_slug(session, department)
    if row is None or sum(one.department_slug == department for one in programs.values()) >= MOST_PROGRAMS:
        raise FieldError(
            translatable("is one program too many"),
            translatable("A department may have %(most)s. Change one that stands.", most=MOST_PROGRAMS),
        )
    stem = department.replace("/", "-")
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(programs) + 2))
    program_id = next(candidate for candidate in numbered if candidate not in programs)
    owner = {"department": row.name, "state": row.state, "country": row.country}
    return Program.of({"program_id": program_id, "name": name, **owner})


def version(program: Program | None) -> str:
    """What tells a program from itself after a change; empty for none."""
    return sha256(json.dumps(program.values, sort_keys=True).encode()).hexdigest()[:16] if program else ""


def _day(zones: Sequence[Zone]) -> date:
    """The day that it is at all of these zones, or already past."""
    return min((local_day(zone.time_zone, now()) for zone in zones), default=now().date())


def _put_sites(
    session: Session, context: UseCaseContext, writer: DirectoryWriter, before: Mapping[str, Program], program: Program,
    zones: Sequence[Zone], sites: Collection[str], who: SignedIn, source: Source, shared_facts: Collection[str],
) -> None:  # fmt: skip
    """Make these zones of the department the program's sites, and no others. Raises ChangeWaitsError.

    `shared_facts`, said now for all sites, replace what worse sources said of one.
    """
    programs = {**before, program.program_id: program}
    changes = []
    for current, record in filter(None, (writer.stored(zone.zone_id) for zone in zones)):
        program_id = program.program_id if record.zone_id in sites else ""
        after = record
        if program_id or record.program == program.program_id:
            after = record.model_copy(update={"program": program_id})
        if program_id:
            after = yielding(after, shared_facts, source)
        changes.append((current, record, after))
    sides = ((with_program(record, before), with_program(after, programs)) for _current, record, after in changes)
    if waits := desk_reasons(session, context.gazetteer, program.department_slug, who, sides):
        raise ChangeWaitsError(waits)
    for current, record, after in changes:
        if after != record:
            moved = ["program"] if after.program != record.program else []
            writer.change(current, attributed(after, source, moved) if moved else after)


def confirm_program(context: UseCaseContext, department: str, program_id: str, who: SignedIn) -> bool:
    """The department says that a program and all of its sites are still correct; False where it has no such program.

    Raises DatabaseError.
    """
    with context.writing() as session:
        program = read_programs(session).get(program_id)
        if program is None or program.department_slug != department:
            return False
        facts = confirmed_by_department(program.facts.model_copy(), _day(zones_of(session, department)))
        writer = DirectoryWriter(session, context.gazetteer, Author(who.email, "still correct"))
        writer.write_program(Program(program_id, facts))
        writer.flush()
        return True
