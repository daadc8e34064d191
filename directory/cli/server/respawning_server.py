"""The web server, which starts its workers again however often they die."""

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from granian.server.mp import MPServer

log = structlog.get_logger()
STEADY_SECONDS = 60.0
"""A worker that ran for so long did not die of its start: another is started without a pause."""
LONGEST_PAUSE_SECONDS = 30.0


class RespawningServer(MPServer):
    """Granian, which would end with all its workers when one dies twice within six seconds.

    Here each is started again, after pauses that grow while they die soon: 0, 1, 2, 4 … 30 seconds. The pause passes
    in the new process, so that the others are looked after meanwhile.
    """

    _pause = 0.0
    _died_at = float("-inf")

    def __init__(self, *options: Any, **kwargs: Any) -> None:
        super().__init__(*options, **kwargs)
        self.main_loop_interrupt = _Interruption(self)

    def _respawn_workers(self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0.0) -> None:
        if delay:  # asked for, by SIGHUP: the old ones go when the new ones have started
            self._pause = 0.0
        else:
            self._note_death(len(workers))
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self.respawned_wrks.clear()  # what Granian would end for

    def _note_death(self, count: int) -> None:
        is_steady = time.monotonic() - self._died_at >= STEADY_SECONDS
        self._pause = 0.0 if is_steady else min(max(1.0, 2 * self._pause), LONGEST_PAUSE_SECONDS)
        self._died_at = time.monotonic()
        log.error("worker ended", workers=count, started_again_in_seconds=self._pause)

    def serve_app(self, build: Callable[[], object]) -> None:
        """Serve what `build` makes in each worker, until told to stop."""

        def load() -> Any:
            # Until it answers, a worker that is told to stop does so at once. It forgets what its parent does then.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_signal: os._exit(0))
            time.sleep(self._pause)
            return build()

        self.serve(target_loader=load, wrap_loader=False)


class _Interruption(threading.Event):
    """What Granian's main loop waits for.

    The loop clears it when it starts workers again. With it went the signal to stop that came just then: the server
    answered on until it was told again.
    """

    def __init__(self, server: MPServer) -> None:
        super().__init__()
        self._server = server

    def clear(self) -> None:
        """Forget what was handled, but not that the server is to stop."""
        if not self._server.interrupt_signal:
            super().clear()
