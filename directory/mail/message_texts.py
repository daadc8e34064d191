"""Every mail the directory sends, in words. One function a message; `_` translates into the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.mail.message import Button, Message, Quote
from directory.mail.quoting import Prose
from directory.mail.sentences import SentenceWriter, bulleted
from directory.store.report_digests import UnmailedReport
from directory.zones.report_kinds import REPORT_KIND_NAMES
from directory.zones.zone_labels import ZoneLabel

MOST_OF_A_REPORT = 200
MOST_OF_A_REASON = 400


@dataclass(frozen=True, slots=True)
class MessageWriter(SentenceWriter):
    """Writes messages in one language, about one site."""

    def draft(self, link: str) -> Message:
        """The way back to a draft."""
        _ = self._
        return self._message(
            _("Your draft for the Safe Zone Directory"),
            _("Your draft is kept. This link opens it on any device. Whoever has the link can change the draft."),
            Button(_("Go on with the draft"), link),
        )

    def prove_email(self, link: str, department: str, count: int) -> Message:
        """The first proof: that the address is read by who sent the form."""
        _ = self._
        return self._message(
            _("Please confirm your submission"),
            self._many("Somebody, we think you, sent %(num)d change for %(department)s with this address.",
                       "Somebody, we think you, sent %(num)d changes for %(department)s with this address.",
                       count, department=department),
            _("Open the page and press its button. Only then will somebody look at it. The link is good for 7 days."),
            Button(_("Confirm"), link),
            _("If that was not you, do nothing: without the button it goes no further."),
        )  # fmt: skip

    def sign_in(self, link: str) -> Message:
        """A link to sign in with."""
        _ = self._
        return self._message(
            _("Your link to sign in"),
            _("Open the page and press its button to sign in. The link is good for 30 minutes, once. Asking again soon brings no second mail: it makes this link good for another 30 minutes, at the latest until 12 hours after this mail."),
            Button(_("Sign in"), link),
            _("If you did not ask for it, do nothing."),
        )  # fmt: skip

    def wrong_codes(self, count: int, link: str) -> Message:
        """Tells staff that somebody guesses their codes."""
        _ = self._
        return self._message(
            _("Wrong codes for your account"),
            _("Somebody who opened a sign-in link from this mailbox typed %(count)s wrong six-digit codes in a row. Further codes are refused for a while, longer each time.", count=count),
            _("If that was you, wait for the next code and look at your phone’s clock. If it was not, somebody reads your mail: secure the mailbox, then sign in and press “Sign out on every device”."),
            Button(_("Sign in"), link),
        )  # fmt: skip

    def factors_reset(self, link: str, contact: str) -> Message:
        """Tells staff that the operator took their second factors away. `contact` is the site's own; it may be empty."""
        _ = self._
        return self._message(
            _("Your second factors were reset"),
            _("The operator of the directory removed the codes and passkeys of your account and ended every session. At the next sign-in you set up an app that shows six-digit codes."),
            Button(_("Sign in"), link),
            *([_("If you did not ask for it, tell whoever runs this site: %(contact)s", contact=Prose(contact))] if contact else []),
        )  # fmt: skip

    def arrived(self, department: str, link: str, reasons: Sequence[str], *, by_managers: bool) -> Message:
        """The submission waits: why, and who decides. `reasons` are sentences of `submissions.risk`."""
        _ = self._
        return self._message(
            _("We have your submission"),
            _("Thank you: your address is confirmed. The submission for %(department)s does not show yet, for this reason:",
              department=department),
            bulleted([_(reason) for reason in reasons]),
            _("A moderator or another manager of your department decides. We write again when it is decided.")
            if by_managers else _("A moderator decides. We write again when it is decided."),
            Button(_("See the submission"), link),
        )  # fmt: skip

    def waiting(self, department: str, sender: str, count: int, objection_link: str, desk_link: str) -> Message:
        """Tells a manager that something of a department waits. `desk_link` is empty where moderators alone decide."""
        _ = self._
        decide = (
            [_("If it is right, approve it at your desk; you sign in first."), Button(_("To the decision"), desk_link)]
            if desk_link else [_("A moderator decides on it.")]
        )  # fmt: skip
        return self._message(
            _("A change of your department’s zones waits for a decision"),
            self._many("%(sender)s sent %(num)d change for %(department)s.",
                       "%(sender)s sent %(num)d changes for %(department)s.", count, department=department,
                       sender=self._address(sender)),
            _("It does not show yet. Look at it. If it is wrong, or you do not know who sent it, object there with one button; then moderators alone decide."),
            Button(_("See it and object"), objection_link),
            *decide,
        )  # fmt: skip

    def left_to_moderators(self, department: str, link: str) -> Message:
        """Tells the sender that the decision is the moderators' alone."""
        _ = self._
        return self._message(
            _("Your submission goes to a moderator"),
            _("A moderator looks at your submission for %(department)s and decides. There is nothing for you to do. We write again when it is decided.",
              department=department),
            Button(_("See the submission"), link),
        )  # fmt: skip

    def published(self, department: str, zones: Sequence[tuple[ZoneLabel, str]]) -> Message:
        """A verified department's change is live."""
        _ = self._
        return self._message(
            _("Your change is live"),
            _("Your change for %(department)s can be found now. A moderator looks at it afterwards, and every earlier version can be restored.",
              department=department),
            *self._zone_buttons(zones),
        )  # fmt: skip

    def approved(self, department: str, reason: str, zones: Sequence[tuple[ZoneLabel, str]]) -> Message:
        """A moderator, or another manager, approved."""
        _ = self._
        return self._message(
            _("Approved: your submission"),
            _("Your submission for %(department)s is approved and live. The reason given:", department=department),
            Quote(reason),
            *self._zone_buttons(zones),
        )

    def declined(self, department: str, reason: str) -> Message:
        """A moderator, or another manager, declined."""
        _ = self._
        return self._message(
            _("Declined: your submission"),
            _("Your submission for %(department)s was declined. The reason given:", department=department),
            Quote(reason),
            _("You may send another one at any time."),
        )

    def taken_up(self, department: str) -> Message:
        """A moderator took a declined submission up again."""
        _ = self._
        return self._message(
            _("We look at your submission again"),
            _(
                "Your submission for %(department)s was declined. A moderator looks at it once more.",
                department=department,
            ),
            _("You need not do anything. We write to you again when it is decided."),
        )

    def changes_requested(self, department: str, reason: str, link: str) -> Message:
        """A moderator asks for a change."""
        _ = self._
        return self._message(
            _("A question about your submission"),
            _(
                "A moderator asks for a change before your submission for %(department)s can go live:",
                department=department,
            ),
            Quote(reason),
            _("Nothing you typed is lost. Open the draft, change it and send it again."),
            Button(_("Change the submission"), link),
        )

    def reminder(self, zones: Sequence[ZoneLabel], yes: str, change: str) -> Message:
        """The question twice a year."""
        _ = self._
        return self._message(
            _("Are your safe zones still correct?"),
            _("You confirmed these a while ago:"),
            bulleted([self._zone(zone) for zone in zones]),
            _("Nothing changed? Open the page and press its button; it takes ten seconds."),
            Button(_("Yes, still correct"), yes),
            Button(_("Something has changed"), change),
            _("Without an answer an entry is marked as old after 180 days, and leaves the nearest-zone search after 365. Its page stays."),
        )  # fmt: skip

    def reports(self, department: str, listed: Sequence[UnmailedReport], more: int, link: str) -> Message:
        """What visitors reported since the last digest: some of it listed, and how many more there are."""
        _ = self._
        lines = [
            _("%(zone)s: %(kind)s", zone=self._zone(report.zone), kind=_(REPORT_KIND_NAMES[report.kind]))
            + (f"\n  {self._quoted(report.text, MOST_OF_A_REPORT)}" if report.text else "")
            for report in listed
        ]
        uncounted = (
            [self._many("… and %(num)d more on your page of zones", "… and %(num)d more on your page of zones", more)]
            if more
            else []
        )
        return self._message(
            _("Visitors report problems with your department’s zones"),
            _("About the zones of %(department)s visitors report:", department=department),
            bulleted([Prose(line) for line in lines]),
            *uncounted,
            _("A moderator sees it too. If a visitor is right, please change the entry; if not, confirm it."),
            Button(_("To your zones"), link),
        )

    def added_to_department(self, department: str, who: str, link: str) -> Message:
        """A manager gave somebody access."""
        _ = self._
        return self._message(
            _("You can now look after your department’s zones"),
            _("%(who)s gave this address access to the entries of %(department)s. Sign in with it; there is no password.",
              who=self._address(who), department=department),
            Button(_("Sign in"), link),
        )  # fmt: skip

    def profile_waits(self, who: str, before: Mapping[str, Any], after: Mapping[str, Any], link: str) -> Message:
        """Tells the other managers that somebody wants to change what people act on on the town's page."""
        _ = self._
        names = {"web_page": _("Web page"), "email": _("E-mail for questions"), "phone": _("Telephone for questions"),
                 "embed_sites": _("Sites that may show your embed")}  # fmt: skip
        lines = [
            Prose(f"{_('%(label)s: ', label=names[name])}{self._answer(before[name])} → {self._answer(after[name])}")
            for name in after
        ]
        return self._message(
            _("A change of your town’s page waits"),
            _("%(who)s wants to change this on your town’s page:", who=self._address(who)),
            bulleted(lines),
            _("It waits until a moderator or another manager approves it. If it should not be, decline it."),
            Button(_("See the change"), link),
        )

    def profile_replaced(self, who: str, link: str) -> Message:
        """Tells the sender that another manager's change of the town's page waits instead."""
        _ = self._
        return self._message(
            _("Your change of the town’s page was replaced"),
            _("%(who)s sent another change, which waits in the place of yours.", who=self._address(who)),
            Button(_("See the change"), link),
        )

    def profile_decided(self, approved: bool, reason: str, link: str) -> Message:
        """Tells the sender what became of a change of the town's page."""
        _ = self._
        return self._message(
            _("Approved: your change of the town’s page") if approved else _("Declined: your change of the town’s page"),
            _("It is live now. The reason that was given:") if approved
            else _("Nothing was changed. The reason that was given:"),
            self._quoted(reason, MOST_OF_A_REASON),
            Button(_("Look at the page"), link),
        )  # fmt: skip

    def joined(self, department: str, who: str, link: str) -> Message:
        """Tells the managers that somebody proved to belong to their department."""
        _ = self._
        return self._message(
            _("Somebody else proved to belong to your department"),
            _("%(who)s proved by the address’s domain to belong to %(department)s. What this person sends waits until a manager or a moderator accepts it: approve a first change, or give this address access on the page below. If it should not be there, remove it.",
              who=self._address(who), department=department),
            Button(_("People of the department"), link),
        )  # fmt: skip

    def staff_added(self, role: str, link: str) -> Message:
        """Somebody became moderator or administrator."""
        _ = self._
        subjects = {
            "moderator": _("You are now moderator of the Safe Zone Directory"),
            "administrator": _("You are now administrator of the Safe Zone Directory"),
        }
        return self._message(
            subjects[role],
            _("Sign in with this address. At the first time you set up an app that shows six-digit codes."),
            Button(_("Sign in"), link),
        )

    def invitation(self, department: str, zones: Sequence[tuple[ZoneLabel, str]]) -> Message:
        """Asks a department to take over what public sources say of it."""
        _ = self._
        return self._message(
            _("Your department in the Safe Zone Directory: please look it over"),
            _("The Safe Zone Directory lists places that police departments set aside for people who met online to finish a trade. It lists %(department)s, from public sources. Nobody has ever confirmed the entry.",
              department=department),
            _("Please open each page, press “This is our zone” and correct or confirm it. You prove who you are by your department’s e-mail address; it takes five minutes and costs nothing. Once you have done so, you are asked twice a year whether it is still correct."),
            *self._zone_buttons(zones),
            _("If there is no safe zone at your department any more, the same button takes the entry out of the search."),
        )  # fmt: skip
