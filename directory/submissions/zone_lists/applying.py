"""What becomes of a judged list: its safe changes are published, the others wait, and nothing is proposed twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import lock_person
from directory.db.queries.submissions import add_submission, replace_submission
from directory.db.queries.zone_lists import list_submissions
from directory.db.tables.accounts import Person
from directory.db.tables.contributions.submissions import Channel, Submission, SubmissionStatus
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.store.repository import zones_at_spots
from directory.submissions.drafts import proposed
from directory.submissions.items.item import Action, Item, ProposedChange
from directory.submissions.items.matches import open_questions
from directory.submissions.items.zone_answers import check_addresses
from directory.submissions.quotas import size_after
from directory.submissions.risk.assessment import assess_each
from directory.submissions.risk.wait_reasons import WaitReason
from directory.submissions.sending import arrive
from directory.submissions.workflow import Step, after
from directory.submissions.zone_lists.reading import JudgedList
from directory.submissions.zone_lists.results import ListOutcome, ListResult, ZoneResult
from directory.text import translatable
from directory.use_case_context import UseCaseContext
from directory.zones.findings import Finding, Severity
from directory.zones.keys import department_slug

Fingerprint = tuple[str, str, tuple[tuple[str, str], ...]]
"""What an item proposes: action, key and values. Two items of one fingerprint are the same proposal."""
Proposals = dict[Fingerprint, str]
"""Proposals of earlier lists, each with what a moderator wrote about it."""
OPEN = (SubmissionStatus.WAITING_FOR_REVIEW, SubmissionStatus.CHANGES_REQUESTED)


@dataclass(frozen=True, slots=True)
class ListSender:
    """In whose name a list comes, and how; `detail` says for the log which token or address it was."""

    person_id: int
    channel: Channel
    detail: str


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What becomes of an item, as `ZoneResult` says it."""

    item: Item
    outcome: ListOutcome
    reasons: tuple[WaitReason, ...] = ()
    decision: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()


def try_list(context: UseCaseContext, judged: JudgedList, sender: ListSender) -> ListResult:
    """What `take_list` would do; nothing is written. Raises DatabaseError."""
    with context.reading() as session:
        taking = _Taking(context, session, judged, sender, session.get_one(Person, sender.person_id))
        return _result(judged, taking.verdicts(), {})


def take_list(context: UseCaseContext, judged: JudgedList, sender: ListSender) -> ListResult:
    """Publish what may show at once as one submission, and let the rest wait as another.

    What an earlier list of the same person left waiting gives way, unless it is the same or a manager objected to it.
    Raises PublishingRefusedError or StaleVersionError when the directory changed meanwhile, DraftFullError, or
    DatabaseError. Nothing is changed then.
    """
    check_addresses(context, judged.items.values(), judged.owner.state, judged.owner.town)
    with context.writing() as session:
        taking = _Taking(context, session, judged, sender, lock_person(session, sender.person_id))
        verdicts = taking.verdicts()
        live = [one.item for one in verdicts.values() if one.outcome is ListOutcome.LIVE]
        waiting = [one for one in verdicts.values() if one.outcome is ListOutcome.WAITING]
        published = taking.send(live) if live else 0
        added = zones_at_spots(session, (item.key for item in live if item.action is Action.ADD))
        new_ids = {key: zone.zone_id for key, zone in added.items()}
        return _result(judged, verdicts, new_ids, published, taking.let_wait(waiting))


@dataclass(frozen=True, slots=True)
class _Taking:
    """A list that is being taken, in one transaction."""

    context: UseCaseContext
    session: Session
    judged: JudgedList
    sender: ListSender
    person: Person

    def verdicts(self) -> dict[str, _Verdict]:
        """What becomes of each item, by its key."""
        draft = self._draft(self.judged.items.values())
        entries = proposed(self.session, self.context.places, draft)
        waits = assess_each(self.session, self.context.gazetteer, draft, self.person, entries)
        declined = _proposals(self._earlier(SubmissionStatus.DECLINED))
        sent_back = _proposals(self._earlier(SubmissionStatus.CHANGES_REQUESTED))
        duplicates = self._probably_known(entries)
        return {
            entry.item.key: _verdict(entry, reasons, duplicates.get(entry.item.key, ()), declined, sent_back)
            for entry, reasons in zip(entries, waits, strict=True)
        }

    def _probably_known(self, entries: Sequence[ProposedChange]) -> dict[str, tuple[Finding, ...]]:
        """What is found about new zones that probably are ones the list leaves out, by the keys of their items.

        A zone that the list has, too, is another one: whoever lists both tells them apart.
        """
        listed = self.judged.listed
        findings_by_key = {
            question.item.key: tuple(
                _probably_same(question.item, match.zone.zone_id)
                for match in question.matches if match.zone.zone_id not in listed
            )
            for question in open_questions(entries, self.judged.zones)
        }  # fmt: skip
        return {key: findings for key, findings in findings_by_key.items() if findings}

    def send(self, items: Sequence[Item], besides: Collection[WaitReason] = ()) -> int:
        """Send items as a submission of their own, which waits for these reasons besides; returns its number."""
        row = self._draft(())
        values = [item.to_json() for item in items]
        row.size = size_after(self.session, row, {"items": values}, self.context.most_draft_bytes)
        row.items = values
        add_submission(self.session, row)
        self._log(row, "sent as a list")
        arrive(self.context, self.session, row, self.person, besides)
        return row.id

    def let_wait(self, verdicts: Sequence[_Verdict]) -> int:
        """Let what these verdicts are about wait in the place of what an earlier list left.

        Returns the submission's number, 0 for none.
        """
        earlier = [row for row in self._earlier(*OPEN) if row.person_id == self.person.id]
        # What a manager objected to waits until a moderator has decided on it.
        objected = _proposals(row for row in earlier if row.objection)
        new = {proposal: one for one in verdicts if (proposal := _fingerprint(one.item)) not in objected}
        replaceable = [row for row in earlier if not row.objection]
        same = next((row for row in replaceable if _proposals([row]).keys() == new.keys()), None)
        for row in replaceable:
            if row is not same:
                self._withdraw(row)
        if same is not None:
            return same.id
        if not new:
            return 0
        besides = {WaitReason.PROBABLY_KNOWN for one in new.values() if WaitReason.PROBABLY_KNOWN in one.reasons}
        return self.send([one.item for one in new.values()], besides)

    def _withdraw(self, row: Submission) -> None:
        replace_submission(self.session, row, {"state": after(row.state, Step.WITHDRAW)})
        self._log(row, "replaced by a list")

    def _log(self, row: Submission, action: str) -> None:
        log(self.session, Author(self.person.email, self.sender.detail), LogKind.SUBMISSION, str(row.id), action)

    def _earlier(self, *states: SubmissionStatus) -> list[Submission]:
        """What lists of the department became before, newest first."""
        owner = self.judged.owner
        return list_submissions(self.session, department_slug(owner.department, owner.state), *states)

    def _draft(self, items: Iterable[Item]) -> Submission:
        """A submission that is not stored yet, of a sender whose address is proven."""
        at, owner, person = now(), self.judged.owner, self.person
        return Submission(
            state=SubmissionStatus.DRAFT, channel=self.sender.channel, language=person.language, email=person.email,
            email_proven_at=at, person_id=person.id, department=owner.department, region=owner.state, town=owner.town,
            items=[item.to_json() for item in items], created_at=at, updated_at=at,
        )  # fmt: skip


def _probably_same(item: Item, zone_id: str) -> Finding:
    return Finding(
        "zone_is_new", Severity.WARNING, 0, "zone_id", item.values.get("street_address", ""),
        translatable("is probably the same spot as %(other)s", other=zone_id),
        translatable("Give the feature that id if it is; else list both zones."),
    )  # fmt: skip


def _verdict(
    entry: ProposedChange, waits: Sequence[WaitReason], duplicates: Sequence[Finding], declined: Proposals,
    sent_back: Proposals,
) -> _Verdict:  # fmt: skip
    item, proposal = entry.item, _fingerprint(entry.item)
    reasons = [
        reason for reason in WaitReason if reason in waits or (duplicates and reason is WaitReason.PROBABLY_KNOWN)
    ]
    findings = tuple(map(Finding.to_json, duplicates))
    if entry.outcome.refused:
        return _Verdict(item, ListOutcome.REFUSED, findings=tuple(map(Finding.to_json, entry.outcome.findings)))
    if not reasons:
        return _Verdict(item, ListOutcome.LIVE)
    if proposal in declined:
        return _Verdict(item, ListOutcome.DECLINED, tuple(reasons), declined[proposal], findings)
    return _Verdict(item, ListOutcome.WAITING, tuple(reasons), sent_back.get(proposal, ""), findings)


def _proposals(rows: Iterable[Submission]) -> Proposals:
    """Every proposal of these submissions with the reason that was given for the first of them that has it."""
    proposals: Proposals = {}
    for row in rows:
        for stored in row.items:
            proposals.setdefault(_fingerprint(Item.from_json(stored)), row.reason)
    return proposals


def _fingerprint(item: Item) -> Fingerprint:
    # Tomorrow the same withdrawal has another date.
    values = () if item.action is Action.WITHDRAW else tuple(sorted(item.values.items()))
    return item.action, item.key, values


def _result(
    judged: JudgedList, verdicts: Mapping[str, _Verdict], new_ids: Mapping[str, str], published: int = 0,
    waiting: int = 0,
) -> ListResult:  # fmt: skip
    """Every zone's result; `new_ids` are those of zones that were added, by the keys of their items."""
    warnings = defaultdict(list)
    for finding in judged.sheet.findings:
        if finding.severity is Severity.WARNING:
            warnings[finding.row].append(finding.to_json())
    rows = {entry["row"]: _refused_row(entry) for entry in judged.sheet.faulty}
    for number, accepted in judged.sheet.accepted.items():
        zone_id = accepted.zone_id or new_ids.get(accepted.item, "")
        rows[number] = (
            _of_item(number, zone_id, verdicts[accepted.item], warnings[number]) if accepted.item
            else ZoneResult(number, zone_id, judged.own[zone_id].name, ListOutcome.UNCHANGED,
                            findings=tuple(warnings[number]))
        )  # fmt: skip
    missing = (_of_item(0, zone_id, verdicts[zone_id], ()) for zone_id in judged.missing)
    listed = (rows[number] for number in sorted(rows))
    return ListResult((*listed, *missing), not judged.sheet.faulty, published, waiting)


def _of_item(feature: int, zone_id: str, verdict: _Verdict, warnings: Sequence[Mapping[str, Any]]) -> ZoneResult:
    item = verdict.item
    return ZoneResult(
        feature, zone_id, item.name, verdict.outcome, item.action, tuple(item.values), verdict.reasons,
        verdict.decision, (*verdict.findings, *warnings),
    )  # fmt: skip


def _refused_row(entry: Mapping[str, Any]) -> ZoneResult:
    values = entry["values"]
    return ZoneResult(
        entry["row"], values.get("zone_id", ""), values.get("name", ""), ListOutcome.REFUSED,
        findings=tuple(entry["findings"]),
    )  # fmt: skip
