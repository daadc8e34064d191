"""Who may open which page: one table, asked before every request."""

from enum import StrEnum
from typing import cast

from flask import Flask, Request, Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from directory.accounts.authentication import SignedIn, is_verified_for
from directory.accounts.sessions import begin_session, end_session, find_session
from directory.db.tables.accounts import Role, Staff
from directory.moderation.town_profiles import manages
from directory.web.accounts.known_device import remember_device
from directory.web.http.container import container, snapshot
from directory.web.http.security.session_cookie import ENDS_AT
from directory.zones.keys import slug_from_url


class Access(StrEnum):
    """Who is let in. A link that only its receiver knows (a draft, a mailed link) is checked by its own page, and so is
    a department's token.

    EDITOR and CARETAKER are members of the department at hand; ACCEPTED and MANAGER those among them of whom a
    moderator or manager has accepted something.
    """

    PUBLIC = "public"
    BY_LINK = "by_link"
    BEARER = "bearer"
    SIGNED_IN = "signed_in"
    EDITOR = "editor"
    ACCEPTED = "accepted"
    CARETAKER = "caretaker"
    MANAGER = "manager"
    TOWN_MANAGER = "town_manager"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


def _all(access: Access, names: str) -> dict[str, Access]:
    return dict.fromkeys(names.split(), access)


ACCESS: dict[str, Access] = {
    **_all(
        Access.PUBLIC,
        "static other_releases.file_of_another health.alive health.ready health.metrics "
        "kept.kept web_app.manifest web_app.service_worker "
        "pages.home pages.tips pages.about pages.departments pages.freshness searching.search searching.suggest "
        "places.zone places.zone_qr places.towns places.states places.state places.town map_data.script map_data.zones "
        "streets.basemap town_names.tile map_pictures.draw map_pictures.draw_all map_data.popup "
        "public_programs.program meeting.meet meet.between meet_links.form meet_links.invite "
        "feeds.town feeds.state feeds.sitemap feeds.robots reports.report photos.public submissions.start "
        "features.landing features.conformance features.collections features.collection features.items features.item "
        "features.changes features.schema features.queryables features.feature_schema "
        "lookups.nearest lookups.geocode lookups.towns api.openapi api.docs api.ask downloads.index downloads.schema "
        "embedding.loader embedding.look embedding.town embedding.state embedding.by_query builder.build oembed.answer "
        "reports.send_report visits.send submissions.begin claims.propose sign_in.mail_link "
        "places.scanned places.count_directions posters.choose posters.poster posters.page town_statistics.page "
        "town_statistics.table downloads.whole downloads.of_state downloads.of_town "
        "meetings.plan feeds.zone_closures feeds.town_closures "
        "spreadsheet_upload.template autocomplete.departments autocomplete.hours autocomplete.locate "
        "claims.claim sign_in.ask",
    ),
    **_all(
        Access.BY_LINK,
        "meet_links.answer meet_links.join meet_links.shared "
        "submissions.draft submissions.department zone_editing.zone zone_editing.remove zone_editing.preview "
        "submissions.confirm_item submissions.confirm_photo colleague_review.objection colleague_review.object_to "
        "colleague_review.objection_photo "
        "matches.questions matches.answer meetings.card meetings.calendar meetings.qr "
        "upload_corrections.read upload_corrections.save upload_corrections.columns upload_corrections.save_columns "
        "spreadsheet_upload.sheet spreadsheet_upload.faulty submissions.send submissions.mail_link submissions.step "
        "zone_editing.photo submissions.confirm sign_in.enter sign_in.reminder submissions.save_department "
        "zone_editing.save_zone spreadsheet_upload.upload submissions.prove sign_in.spend_link sign_in.confirm_zones",
    ),
    **_all(Access.BEARER, "department_zones.department_zones"),
    **_all(
        Access.SIGNED_IN,
        "sign_in.code sign_in.check sign_in.use_passkey sign_in.leave sign_in.leave_everywhere desk.home desk.proof "
        "desk.look_for_code umbrella.page umbrella.upload umbrella.send",
    ),
    **_all(Access.EDITOR, "desk.department"),
    **_all(Access.CARETAKER, "desk.versions"),
    **_all(
        Access.ACCEPTED,
        "desk.confirm desk.answer_report desk.restore closures.listing closures.save "
        "programs.listing programs.program programs.save programs.confirm",
    ),
    **_all(
        Access.MANAGER,
        "desk.people desk.add_person desk.remove_person colleague_review.case colleague_review.decide "
        "colleague_review.photo zone_lists.page zone_lists.make_token_of zone_lists.revoke_token_of "
        "zone_lists.save_address zone_lists.forget_address zone_lists.read_now",
    ),
    **_all(Access.TOWN_MANAGER, "town_profile.manage town_profile.save town_profile.take_back town_profile.decide"),
    **_all(
        Access.MODERATOR,
        "review_queue.listing review_queue.together "
        "review.case review.decide review.take_up review.seen review.call_back "
        "review.domain staff_reports.listing staff_reports.answer staff_data.listing staff_data.decide "
        "staff_data.photo review.photo second_factors.page second_factors.add second_factors.remove "
        "staff_towns.change staff_towns.decide staff_departments.department staff_departments.note_town "
        "staff_departments.forget_town staff_departments.save_kind staff_people.person staff_people.impostor "
        "staff_people.end_impostor barring.listing barring.add barring.remove domains.domains domains.add_domain "
        "domains.accept_umbrella domains.remove_domain domains.renew_domain",
    ),
    **_all(Access.ADMINISTRATOR, "staff.listing staff.change_role"),
}
"""Every endpoint's access; an endpoint that is missing here opens for nobody."""

PRIVATE = frozenset(Access) - {Access.PUBLIC}
OPEN_TO_ALL = frozenset({Access.PUBLIC, Access.BY_LINK, Access.BEARER})
"""What the table lets anybody ask for."""
MODERATOR_OVERRIDES = frozenset({Access.CARETAKER, Access.EDITOR, Access.ACCEPTED, Access.TOWN_MANAGER})
"""What moderators may do in a department's place."""

WITHOUT_CODE = frozenset(
    {"sign_in.code", "sign_in.check", "sign_in.use_passkey", "sign_in.leave", "sign_in.leave_everywhere"}
)


class User(UserMixin):  # type: ignore[misc]
    """A signed-in person as Flask-Login wants it."""

    def __init__(self, person: SignedIn, token: str) -> None:
        self.person = person
        self.token = token

    def get_id(self) -> str:
        """The session's token: all that the cookie says of the person."""
        return self.token


def person() -> SignedIn | None:
    """Who is signed in; nobody while the second factor of staff is still to come."""
    who = person_before_code()
    return who if who is None or who.second_factor or not who.staff else None


def person_before_code() -> SignedIn | None:
    """Who is signed in, also staff who have not given their second factor: for the pages that ask for it."""
    user = current_user
    if not user.is_authenticated:
        return None
    return cast(SignedIn, user.person)


def enter(who: SignedIn) -> None:
    """Begin a session; the second factor is still to come where one is asked for. Raises DatabaseError."""
    leave()
    new_session = begin_session(container().context, who.id)
    session.permanent = True
    session[ENDS_AT] = int(new_session.expires_at.timestamp())
    login_user(User(who, new_session.token))
    remember_device(who.email)


def leave() -> None:
    """End this browser's session, if there is one, and forget what its cookie held. Raises DatabaseError."""
    if person_before_code() is not None:
        end_session(container().context, current_user.token)
    logout_user()
    session.clear()


def init_app(app: Flask) -> None:
    """Join Flask-Login."""
    # Not init_app: it adds a hook after every view, for a cookie that outlives the session, and finds out for every
    # template who is signed in. That cookie is never given, nor is one read: no header can bring one of this name.
    manager = app.login_manager = LoginManager()  # type: ignore[attr-defined]
    app.config["REMEMBER_COOKIE_NAME"] = "\0"
    manager.session_protection = None  # phones change their address on the way; the database ends sessions

    @manager.user_loader  # type: ignore[untyped-decorator]
    def find(token: str) -> User | None:
        who = find_session(container().context, token)
        return User(who, token) if who is not None else None


def check(http_request: Request) -> ResponseReturnValue | None:
    """Ask the table: None lets the request go on."""
    endpoint = http_request.endpoint
    if endpoint is None:
        return None
    access = ACCESS.get(endpoint) or abort(403)
    if access in OPEN_TO_ALL:
        return None
    who = person_before_code()
    if who is None:
        return _ask_to_sign_in()
    if who.staff and not who.second_factor and endpoint not in WITHOUT_CODE:
        return redirect(url_for("sign_in.code", next=_back()))
    if not _allowed(who, access):
        abort(403)
    return None


def _allowed(who: SignedIn, access: Access) -> bool:
    if access is Access.SIGNED_IN or who.staff == Staff.ADMINISTRATOR:
        return True
    if access is Access.ADMINISTRATOR:
        return False
    if access is Access.MODERATOR or (who.staff == Staff.MODERATOR and access in MODERATOR_OVERRIDES):
        return who.staff == Staff.MODERATOR
    if access is Access.TOWN_MANAGER:
        return manages(container().context, who.id, _town())
    role, accepted = who.role_in(_department()), who.is_accepted_in(_department())
    if access is Access.MANAGER:
        return role == Role.MANAGER and accepted
    return accepted if access is Access.ACCEPTED else bool(role)


def _department() -> str:
    """The department that the page at hand belongs to."""
    arguments = request.view_args or {}
    if "zone_id" in arguments:
        zone = snapshot().by_id.get(arguments["zone_id"])
        return zone.department_slug if zone else ""
    return str(arguments.get("slug", ""))


def _town() -> str:
    """The town that the page at hand belongs to."""
    arguments = request.view_args or {}
    return slug_from_url(arguments.get("state", ""), arguments.get("town", ""))


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method == "POST":
        abort(401)
    return redirect(url_for("sign_in.ask", next=_back()))


def _back() -> str:
    return "" if request.method == "POST" else request.full_path.rstrip("?")


def keep_private(http_request: Request, response: Response) -> None:
    """No cache and no search engine keeps a page that is not for everybody."""
    if ACCESS.get(http_request.endpoint or "", Access.PUBLIC) in PRIVATE:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"


def signed_in() -> SignedIn:
    """Who is signed in; the table of access let nobody else come here."""
    return person() or abort(401)


def verified_for(slug: str) -> SignedIn:
    """Who is signed in; a moderator, or somebody verified for the department, for what shows at once."""
    who = signed_in()
    if not who.staff and not is_verified_for(container().context, who, slug):
        abort(403)
    return who
