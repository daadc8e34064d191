"""What a program says for all of its sites, in words."""

from directory.web.i18n.translate import _
from directory.web.presenters.labels import facts, field_name, value
from directory.zones.derivations import PLAIN_NAME
from directory.zones.programs import FIELDS_OF_A_PROGRAM, Program


def shared_answers(program: Program) -> list[tuple[str, str]]:
    """Each stated fact with its answer, as the form of a zone asks for them."""
    answers = [(name, text) for name, text in facts(program.facts) if name in FIELDS_OF_A_PROGRAM and name != "name"]
    return [(field_name(name), value(name, text)) for name, text in answers]


def program_name(program: Program) -> str:
    """What a program is called; by its department where the source gave it no name."""
    if program.facts.name != PLAIN_NAME:
        return program.facts.name
    return _("Safe exchange zones of the %(department)s", department=program.facts.department)
