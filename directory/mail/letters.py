"""Every mail the directory sends, in words. One function a letter; `_` translates into the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel.support import NullTranslations, Translations

from directory.mail.letter import Button, Letter, Quote
from directory.settings import PACKAGE


@lru_cache(maxsize=8)
def _translations(language: str) -> NullTranslations:
    return Translations.load(str(PACKAGE / "translations"), [language])


@dataclass(frozen=True, slots=True)
class LetterWriter:
    """Writes letters in one language, about one site (its address without a final slash)."""

    language: str
    site: str

    def _(self, message: str, **values: object) -> str:
        translated = str(_translations(self.language).gettext(message))
        return translated % values if values else translated

    def _many(self, one: str, many: str, num: int, **values: object) -> str:
        return str(_translations(self.language).ngettext(one, many, num)) % {"num": num, **values}

    def _letter(self, subject: str, *parts: str | Button | Quote) -> Letter:
        signature = self._("Safe Zone Directory, %(site)s", site=self.site)
        return Letter(subject, (*parts, signature), self.language)

    def draft(self, link: str) -> Letter:
        """The way back to a draft."""
        _ = self._
        return self._letter(
            _("Your draft for the Safe Zone Directory"),
            _("Your draft is kept. This link opens it on any device. Whoever has the link can change the draft."),
            Button(_("Go on with the draft"), link),
        )

    def prove_email(self, link: str, department: str, count: int) -> Letter:
        """The first proof: that the address is read by who sent the form."""
        _ = self._
        return self._letter(
            _("Please confirm your submission for %(department)s", department=department),
            self._many("Somebody, we think you, sent %(num)d change for %(department)s with this address.",
                       "Somebody, we think you, sent %(num)d changes for %(department)s with this address.",
                       count, department=department),
            _("Open the page and press its button. Only then will somebody look at it. The link is good for 7 days."),
            Button(_("Confirm"), link),
            _("If that was not you, do nothing: without the button it goes no further."),
        )  # fmt: skip

    def sign_in(self, link: str) -> Letter:
        """A link to sign in with."""
        _ = self._
        return self._letter(
            _("Your link to sign in"),
            _("Open the page and press its button to sign in. The link is good for 30 minutes, once."),
            Button(_("Sign in"), link),
            _("If you did not ask for it, do nothing."),
        )

    def arrived(self, department: str, link: str) -> Letter:
        """The submission waits for a moderator."""
        _ = self._
        return self._letter(
            _("We have your submission for %(department)s", department=department),
            _("Thank you: your address is confirmed and the submission waits for a moderator. We write again when it is decided."),
            Button(_("See the submission"), link),
        )  # fmt: skip

    def published(self, department: str, zones: Sequence[tuple[str, str]]) -> Letter:
        """A verified department's change is live."""
        _ = self._
        return self._letter(
            _("Your change for %(department)s is live", department=department),
            _("It can be found now. A moderator looks at it afterwards, and every earlier version can be restored."),
            *(Button(name, address) for name, address in zones),
        )

    def approved(self, department: str, reason: str, zones: Sequence[tuple[str, str]]) -> Letter:
        """A moderator approved."""
        _ = self._
        return self._letter(
            _("Approved: your submission for %(department)s", department=department),
            _("Your submission is approved and live. The moderator wrote:"),
            Quote(reason),
            *(Button(name, address) for name, address in zones),
        )

    def declined(self, department: str, reason: str) -> Letter:
        """A moderator declined."""
        _ = self._
        return self._letter(
            _("Not taken over: your submission for %(department)s", department=department),
            _("A moderator did not take your submission over and wrote:"),
            Quote(reason),
            _("You may send another one at any time."),
        )

    def changes_requested(self, department: str, reason: str, link: str) -> Letter:
        """A moderator asks for a change."""
        _ = self._
        return self._letter(
            _("A question about your submission for %(department)s", department=department),
            _("A moderator asks for a change before it can go live:"),
            Quote(reason),
            _("Nothing you typed is lost. Open the draft, change it and send it again."),
            Button(_("Change the submission"), link),
        )

    def still_right(self, zones: Sequence[str], yes: str, change: str) -> Letter:
        """The question twice a year."""
        _ = self._
        return self._letter(
            _("Are your safe zones still right?"),
            _("You confirmed these a while ago:"),
            "\n".join(f"• {zone}" for zone in zones),
            _("Nothing changed? Open the page and press its button; it takes ten seconds."),
            Button(_("Yes, still right"), yes),
            Button(_("Something has changed"), change),
            _("Without an answer an entry is marked as old after 180 days, and leaves the nearest-zone search after 365. Its page stays."),
        )  # fmt: skip

    def reported(self, zone: str, kind: str, words: str, link: str) -> Letter:
        """A visitor reported a problem with the department's zone."""
        _ = self._
        kinds = {
            "gone": _("There is no safe zone here any more"),
            "hours": _("The hours are wrong"),
            "place": _("The place on the map or the address is wrong"),
            "turned_away": _("I was turned away"),
            "other": _("Something else"),
        }
        return self._letter(
            _("A visitor reports a problem: %(zone)s", zone=zone),
            _("About %(zone)s a visitor reports: %(kind)s.", zone=zone, kind=kinds.get(kind, kind)),
            *([Quote(words)] if words else []),
            _("A moderator sees it too. If the visitor is right, please change the entry; if not, confirm it."),
            Button(_("To your zones"), link),
        )

    def added_to_department(self, department: str, who: str, link: str) -> Letter:
        """A manager gave somebody access."""
        _ = self._
        return self._letter(
            _("You can now look after the zones of %(department)s", department=department),
            _("%(who)s gave this address access to the entries of %(department)s. Sign in with it; there is no password.",
              who=who, department=department),
            Button(_("Sign in"), link),
        )  # fmt: skip

    def joined(self, department: str, who: str, link: str) -> Letter:
        """Tells the managers that somebody proved to belong to their department."""
        _ = self._
        return self._letter(
            _("%(who)s now looks after the zones of %(department)s too", who=who, department=department),
            _("The address proved itself by its domain. If it should not be there, remove it."),
            Button(_("People of the department"), link),
        )

    def staff_added(self, role: str, link: str) -> Letter:
        """Somebody became moderator or administrator."""
        _ = self._
        roles = {"moderator": _("moderator"), "administrator": _("administrator")}
        return self._letter(
            _("You are now %(role)s of the Safe Zone Directory", role=roles[role]),
            _("Sign in with this address. At the first time you set up an app that shows six-digit codes."),
            Button(_("Sign in"), link),
        )

    def invitation(self, department: str, zones: Sequence[tuple[str, str]]) -> Letter:
        """Asks a department to take over what public sources say of it."""
        _ = self._
        return self._letter(
            _("%(department)s in the Safe Zone Directory: please look it over", department=department),
            _("The Safe Zone Directory lists places that police departments set aside for people who met online to finish a trade. It lists yours, from public sources. Nobody has ever confirmed the entry."),
            _("Please open each page, press “This is our zone” and correct or confirm it. You prove who you are by your department’s e-mail address; it takes five minutes and costs nothing. Once you have done so, you are asked twice a year whether it is still right."),
            *(Button(name, address) for name, address in zones),
            _("If there is no safe zone at your department any more, the same button takes the entry out of the search."),
        )  # fmt: skip
