"""Links for two people who find a place to meet without either learning where the other is."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.meetings.invitations import BadInvitationError, ExpiredInvitationError
from directory.meetings.times import UnreadableTimeError
from directory.search.meetings.meeting_results import PlaceAnswer
from directory.web.http.container import container
from directory.web.http.forms import FormError, PageForm, TextField
from directory.web.http.limits.rate_limits import bounded
from directory.web.http.security.cross_site import refuse_other_sites
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.meetings.lists import ListPage, private_page, status_of
from directory.web.presenters.meetings.meeting import People, both_sides, place_problem
from directory.web.query.meeting_parameters import LONGEST
from directory.web.query.parameters import CHOSEN, read_search

blueprint = bounded(Blueprint("meet_links", __name__))


class PlaceForm(PageForm):
    """One person's place. The form has no token: that would need a cookie."""

    class Meta:
        csrf = False

    place = TextField(_l("Your address, ZIP or postal code, or town and state"), longest=LONGEST)

    def locate(self) -> PlaceAnswer | None:
        """What became of the words; None where none were typed. What is wrong is noted at the field."""
        if not self.validate():
            return None
        if not self.place.data:
            self.refuse(
                FormError(
                    "place", _("Nothing was typed"), _("Type an address, a ZIP or postal code, or a town and state.")
                )
            )
            return None
        answer = container().meeting_service.locate([self.place.data])[0]
        if answer.place is None:
            self.refuse(FormError("place", " ".join(place_problem(answer)), ""))
        return answer


@blueprint.get("/meet/invite")
def form() -> ResponseReturnValue:
    """The form of whoever wants to send a link."""
    return private_page(
        "meetings/invite.html", 200, form=PlaceForm(sent=False), answer=None, link="", chosen=_carried_parameters()
    )


@blueprint.post("/meet/invite")
def invite() -> ResponseReturnValue:
    """A link for the other person, who types a place of their own behind it."""
    refuse_other_sites()
    fields = PlaceForm()
    answer = fields.locate()
    if answer is None or answer.place is None:
        return private_page(
            "meetings/invite.html", _refusal(answer), form=fields, answer=answer, link="", chosen=_carried_parameters()
        )
    token = container().invitation_sealer.seal([answer.place])
    link = url_for("meet_links.answer", token=token, _external=True, **_carried_parameters())
    return private_page(
        "meetings/invite.html", 200, form=fields, answer=answer, link=link, chosen=_carried_parameters()
    )


@blueprint.get("/meet/with/<token>")
def answer(token: str) -> ResponseReturnValue:
    """The page behind a link asks for the other place."""
    try:
        container().invitation_sealer.open(token)
    except BadInvitationError as error:
        return _no_link(error)
    return private_page(
        "meetings/answer.html", 200, form=PlaceForm(sent=False), answer=None, token=token, chosen=_carried_parameters()
    )


@blueprint.post("/meet/with/<token>")
def join(token: str) -> ResponseReturnValue:
    """The other place: it leads to the list that both see."""
    refuse_other_sites()
    try:
        invitation = container().invitation_sealer.open(token)
    except BadInvitationError as error:
        return _no_link(error)
    if len(invitation.places) != 1:  # the list of two, whose places nobody may seal anew
        return redirect(url_for("meet_links.shared", token=token), 303)
    fields = PlaceForm()
    answer = fields.locate()
    if answer is None or answer.place is None:
        return private_page(
            "meetings/answer.html",
            _refusal(answer),
            form=fields,
            answer=answer,
            token=token,
            chosen=_carried_parameters(),
        )
    both = container().invitation_sealer.seal([*invitation.places, answer.place], invitation.sealed_at)
    return redirect(url_for("meet_links.shared", token=both, **_carried_parameters()), 303)


@blueprint.get("/meet/list/<token>")
def shared(token: str) -> ResponseReturnValue:
    """The list that both sides of a link see; where either is, it does not say."""
    try:
        places = container().invitation_sealer.open(token).places
    except BadInvitationError as error:
        return _no_link(error)
    if len(places) != 2:  # the link that asks, pasted here
        return redirect(url_for("meet_links.answer", token=token), 303)
    here = ListPage.here("meet_links.shared", token=token)
    try:
        search = read_search(request.args)
    except UnreadableTimeError as error:
        return here.ask_time(error)
    return here.show(search, People(both_sides(), places, private=True), fields=[], token=token)


def _carried_parameters() -> dict[str, Any]:
    """The time, filters and units that a link carries on."""
    return {name: value for name, value in request.args.items() if name in CHOSEN and value}


def _refusal(answer: PlaceAnswer | None) -> int:
    """The status of a form whose words name no place."""
    return 400 if answer is None else status_of([answer])


def _no_link(error: BadInvitationError) -> Response:
    expired = isinstance(error, ExpiredInvitationError)
    return private_page("meetings/no_link.html", 410 if expired else 404, expired=expired)
