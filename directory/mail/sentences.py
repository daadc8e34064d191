"""The sentences of mails in one language: translated, with other people's words quoted in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

from babel.support import NullTranslations, Translations

from directory.french_grammar import fitted
from directory.languages import TRANSLATIONS
from directory.mail.message import Button, Message, Quote
from directory.mail.quoting import MARKS, MOST_CHARACTERS, OwnText, Prose, Quoted, quoted, quoted_address
from directory.zones.schemas import SPOT_NAMES
from directory.zones.zone_labels import ZoneLabel

MOST_OF_AN_ANSWER = 200
MOST_OF_A_ZONE = 200


@lru_cache(maxsize=8)
def _translations(language: str) -> NullTranslations:
    return Translations.load(str(TRANSLATIONS), [language])


def bulleted(lines: Sequence[Prose]) -> Prose:
    """A list, one line each."""
    return Prose("\n".join(f"• {line}" for line in lines))


@dataclass(frozen=True, slots=True)
class SentenceWriter:
    """Writes sentences in one language, about one site (its address without a final slash).

    Whatever somebody else may have written comes into a sentence quoted, and into no subject.
    """

    language: str
    site: str

    @overload
    def _translated(self, message: str) -> OwnText: ...
    @overload
    def _translated(self, message: str, **values: object) -> Prose: ...
    def _translated(self, message: str, **values: object) -> Prose:
        translated = str(_translations(self.language).gettext(message))
        return self._filled(translated, values) if values else OwnText(translated)

    _ = _translated

    def _filled(self, translated: str, values: Mapping[str, object]) -> Prose:
        """A sentence with its values; text that is not ours is quoted."""
        quoted_values = {
            name: value if isinstance(value, Prose | int) else self._quoted(str(value))
            for name, value in values.items()
        }
        template, fitting = fitted(self.language, translated, quoted_values)
        return Prose(template % fitting)

    def _quoted(self, text: str, most: int = MOST_CHARACTERS) -> Quoted:
        """Somebody else's words in the quotation marks of the language."""
        return quoted(text, most, self._(MARKS))

    def _address(self, email: str) -> Quoted:
        return quoted_address(email, self._(MARKS))

    def _answer(self, answer: str | Sequence[str]) -> Quoted:
        """An answer of a form in one line, quoted."""
        return self._quoted(answer if isinstance(answer, str) else ", ".join(answer), MOST_OF_AN_ANSWER)

    def _zone(self, zone: ZoneLabel) -> Quoted:
        """What sources say of a zone, quoted, and behind it the kind of spot in the reader's language."""
        quoted = self._quoted(zone.text, MOST_OF_A_ZONE)
        return Quoted(f"{quoted} ({self._(SPOT_NAMES[zone.setting])})") if zone.setting in SPOT_NAMES else quoted

    def _zone_buttons(self, zones: Sequence[tuple[ZoneLabel, str]]) -> list[Button]:
        """A link to each zone's page, from (label, address)."""
        return [Button(self._zone(zone), address) for zone, address in zones]

    def _many(self, one: str, many: str, num: int, **values: object) -> Prose:
        translated = str(_translations(self.language).ngettext(one, many, num))
        return self._filled(translated, {"num": num, **values})

    def _message(self, subject: OwnText, *parts: Prose | Button | Quote) -> Message:
        signature = Prose(f"{self._('Safe Zone Directory')}, {self.site}")
        colon = self._("%(label)s: ", label=OwnText("")).rstrip()
        return Message(subject, (*parts, signature), self.language, colon)

    def sentence(self, message: str) -> str:
        """A sentence of ours, as the catalogue has it in English, in the reader's language."""
        return str(self._(message))
