"""How many connections to the database a test's own thread has in use."""

import threading
from collections.abc import Callable

from sqlalchemy import Engine, event


class ConnectionsInUse:
    """Counts the connections that the thread which makes this has in use; other threads may use theirs meanwhile."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        thread = threading.get_ident()

        def counted(step: int) -> Callable[..., None]:
            def note(*_arguments: object) -> None:
                if threading.get_ident() == thread:
                    self.count += step

            return note

        event.listen(engine, "checkout", counted(1))
        event.listen(engine, "checkin", counted(-1))
