"""The queue's filter as parameters of its address: read leniently, since links to them are kept and shared."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from directory.moderation.queue import QueueFilter, QueueOrder
from directory.moderation.queued_case import CaseKind, QueueState, Risk

AGES = (1, 7, 30)
"""What may be asked for as "waits longer than", in days."""
Word = TypeVar("Word", bound=StrEnum)


def read_filter(args: Mapping[str, str]) -> QueueFilter:
    """The filter that an address asks for; a word that is none of ours leaves nothing out."""
    days = args.get("age", "")
    return QueueFilter(
        _word(QueueState, args.get("state", "")) or QueueState.WAITING,
        _word(CaseKind, args.get("kind", "")),
        _word(Risk, args.get("risk", "")),
        int(days) if days in map(str, AGES) else 0,
        args.get("q", "").strip()[:100],
        _word(QueueOrder, args.get("order", "")) or QueueOrder.URGENT,
    )


def _word(values: type[Word], text: str) -> Word | None:
    return values(text) if text in list(values) else None


def filter_arguments(filters: QueueFilter, **others: object) -> dict[str, Any]:
    """The filter as parameters, without those that leave nothing out; `others` go before them."""
    params: dict[str, Any] = {
        "state": "" if filters.state is QueueState.WAITING else filters.state, "kind": filters.kind or "",
        "risk": filters.risk or "", "age": filters.age_days or "", "q": filters.text,
        "order": "" if filters.order is QueueOrder.URGENT else filters.order,
    }  # fmt: skip
    return {name: value for name, value in {**params, **others}.items() if value != ""}
