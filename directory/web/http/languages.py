"""The reader's language: asked for in the address, remembered, or told by the browser."""

from functools import cache

from babel import Locale
from flask import Flask, Request, Response, current_app, request, url_for
from flask_babel import Babel
from jinja2.utils import url_quote
from werkzeug.exceptions import HTTPException

from directory.languages import SOURCE_LANGUAGE, TRANSLATIONS, languages_in
from directory.web.http.urls import for_others, in_a_language
from directory.web.i18n.translate import current_locale, markup_gettext, markup_ngettext
from directory.web.request_context import current_globals, current_request

COOKIE = "lang"
YEAR_SECONDS = 365 * 86_400


def available() -> tuple[str, ...]:
    """English and every language that has a folder of translations when the server starts."""
    return languages_in(TRANSLATIONS)


def choose_locale() -> str:
    """The language for this request, chosen once; English readers get the habits of the United States."""
    request_globals = current_globals()
    if "locale" not in request_globals:
        request_globals.locale = _chosen_locale(current_request())
    return str(request_globals.locale)


def _chosen_locale(http_request: Request) -> str:
    remembered = "" if for_others(http_request.path) else http_request.cookies.get(COOKIE, "")
    language = language_of(http_request.args.get("lang", "")) or language_of(remembered)
    return with_habits(language or http_request.accept_languages.best_match(available()) or SOURCE_LANGUAGE)


def language_of(text: str) -> str:
    """The language that a code such as "es" or "ES-mx" means; empty for one that we do not speak."""
    code = text[:2].lower()
    return code if code in available() else ""


def with_habits(language: str) -> str:
    """A language with the habits (dates, numbers) of where it is read here."""
    return {"en": "en_US", "es": "es_US", "fr": "fr_CA"}.get(language, language)


def language_code() -> str:
    """The page's language, for its lang attribute."""
    locale = current_locale()
    return locale.language if locale else SOURCE_LANGUAGE


def names() -> list[tuple[str, str]]:
    """Every language's code and its own name for itself."""
    return [(code, _own_name(code)) for code in available()]


@cache
def _own_name(code: str) -> str:
    return (Locale(code).get_display_name(code) or code).capitalize()


def remember(http_request: Request, response: Response) -> None:
    """Keep a language that was asked for; nothing else is ever kept about a reader."""
    if not in_a_language(http_request.path):
        return
    if for_others(http_request.path):
        response.vary.add("Accept-Language")
        return
    language = language_of(http_request.args.get("lang", ""))
    if language and http_request.blueprint is not None:
        response.set_cookie(
            COOKIE, language, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=http_request.is_secure
        )
    response.vary.update(("Accept-Language", "Cookie"))


def path_to_read() -> str:
    """The path of the page at hand; the start's, where the page answers a form that was sent and cannot be opened."""
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            adapter.match(request.path, method="GET")
        return request.path
    except HTTPException:
        return url_for("pages.home")


def address_without_language(path: str) -> str:
    """A path with what was asked of the page at hand, to which a link adds a language."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return path + "?" + "".join([f"{url_quote(name)}={url_quote(value)}&" for name, value in pairs])


def init_app(app: Flask) -> None:
    """Join Flask-Babel to the application."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=choose_locale)
    app.jinja_env.globals.update(_=markup_gettext, gettext=markup_gettext, ngettext=markup_ngettext)
    app.jinja_env.globals.update(
        language_code=language_code,
        language_names=names,
        path_to_read=path_to_read,
        address_without_language=address_without_language,
        source_language=SOURCE_LANGUAGE,
    )
