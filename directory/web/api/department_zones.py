"""A department's system sends its whole zone list, with a token that a manager of the department made."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from directory.db.tables.contributions.submissions import Channel
from directory.errors import StaleVersionError
from directory.formats.source import BadFileError
from directory.search.zone_features import dumped
from directory.submissions.publishing import PublishingRefusedError
from directory.submissions.quotas import DraftFullError
from directory.submissions.risk.wait_reasons import SENTENCES
from directory.submissions.uploads.unpacking import BusyError
from directory.submissions.zone_lists.applying import ListSender, take_list, try_list
from directory.submissions.zone_lists.reading import JudgedList, NoZonesYetError, judge
from directory.submissions.zone_lists.results import ListOutcome, ListResult, ZoneResult
from directory.submissions.zone_lists.tokens import Bearer, bearer_of
from directory.web.api import schemas
from directory.web.api.operations import GEOJSON, JSON, PRIVATE, Api, Operation
from directory.web.api.parameters import ListQuery
from directory.web.http.container import container, renew_snapshot, snapshot
from directory.web.http.error_handling.problem_documents import ApiError
from directory.web.http.limits.rate_limits import counted_as_api, limiter, per_hour
from directory.zones.keys import slug_from_url

blueprint = counted_as_api(Blueprint("department_zones", __name__, url_prefix="/api/v1"))
api = Api(blueprint)

TAG = "Departments"
CHANGED = "The directory was changed at the same moment. Nothing of the list was taken; send it again."
PROBLEMS = (
    "token-needed", "not-your-department", "not-found", "conflict", "request-too-large", "unsupported-media-type",
    "unusable-list",
)  # fmt: skip


@api.put(
    Operation(
        "/departments/{state}/{name}/zones", "department_zones", TAG, "Send a department's whole zone list", ListQuery,
        (JSON,), "what became of each zone; nothing waits", schemas.LIST_RESULT, PROBLEMS,
        {"state": {**schemas.TEXT, "example": "ct"}, "name": {**schemas.TEXT, "example": "darien-police-department"}},
        accepted="the same; something waits for a second person", body=schemas.ZONE_LIST, body_types=(GEOJSON, JSON),
        token=True,
    )
)  # fmt: skip
def put_zones(query: ListQuery, state: str, name: str) -> Response:
    """Judge a list, publish its safe changes, and let the others wait; with `dry_run` only say what would happen."""
    limiter.count(per_hour)
    bearer = _bearer(slug_from_url(state, name))
    if request.mimetype not in (GEOJSON, JSON):
        raise ApiError("unsupported-media-type", f"Send the list as {GEOJSON}.", offered=[GEOJSON, JSON])
    sender = ListSender(bearer.person_id, Channel.PUSH, f"token {bearer.token}, {bearer.name}")
    context = container().context

    def take(judged: JudgedList) -> ListResult:
        if query.dry_run:
            return try_list(context, judged, sender)
        return take_list(context, judged, sender)

    result = _result_of(bearer.department, request.get_data(cache=False), take)
    body = _result(result, bearer.department, dry_run=query.dry_run)
    outcomes = {zone.outcome for zone in result.zones}
    if outcomes == {ListOutcome.REFUSED}:
        raise ApiError("unusable-list", "Every zone of the list was refused; see its findings.", **body)
    response = Response(dumped(body), 202 if result.waiting else 200, mimetype=JSON)
    response.headers["Cache-Control"] = PRIVATE
    return response


def _bearer(department: str) -> Bearer:
    """Whose token the request has; it must be this department's (its slug)."""
    authorization = request.authorization
    token = authorization.token if authorization is not None and authorization.type == "bearer" else None
    bearer = bearer_of(container().context, token) if token else None
    if bearer is None:
        raise ApiError("token-needed", "Send a token of the department: Authorization: Bearer …")
    if department not in snapshot().departments:
        raise ApiError("not-found", "There is no such department.")
    if bearer.department != department:
        raise ApiError("not-your-department", "The token is another department's.")
    if not bearer.entitled:
        raise ApiError("not-your-department", "Whoever made the token is no manager of the department any more.")
    return bearer


def _result_of(department: str, content: bytes, take: Callable[[JudgedList], ListResult]) -> ListResult:
    """What becomes of the list. Raises ApiError."""
    renew_snapshot()  # the list before this one may have been written by another worker
    try:
        return take(judge(content, department, snapshot().directory, container().context.places))
    except NoZonesYetError:
        raise ApiError("not-found", "The directory has no zone of the department yet: send one by the form.") from None
    except BadFileError as error:
        raise ApiError("unusable-list", str(error)) from error
    except DraftFullError as error:
        raise ApiError("request-too-large", "The changes of the list take more than 10 MB.") from error
    except BusyError as error:
        raise ApiError("service-down", "Other files are being read just now. Send the list again.") from error
    except (StaleVersionError, PublishingRefusedError) as error:
        raise ApiError("conflict", CHANGED) from error


def _result(result: ListResult, department: str, *, dry_run: bool) -> dict[str, Any]:
    return {
        "department": department,
        "dry_run": dry_run,
        "complete": result.complete,
        "counts": result.counts,
        "published": result.published or None,
        "waiting": result.waiting or None,
        "zones": [_zone(zone) for zone in result.zones],
    }


def _zone(zone: ZoneResult) -> dict[str, Any]:
    members: dict[str, Any] = {
        "feature": zone.feature or None, "zone_id": zone.zone_id or None, "name": zone.name, "outcome": zone.outcome,
        "action": zone.action, "fields": list(zone.fields),
        "reasons": [{"code": reason, "detail": SENTENCES[reason]} for reason in zone.reasons],
        "findings": [{name: finding[name] for name in ("severity", "field", "value", "reason", "fix")}
                     for finding in zone.findings],
    }  # fmt: skip
    return members | ({"decision": zone.decision} if zone.decision else {})
