"""Keeps a mail worker running beside the server."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

import structlog

log = structlog.get_logger()
LOOK_EVERY_SECONDS = 1.0
STEADY_SECONDS = 60.0
"""A worker that ran for so long did not fail at once: it is started again without a pause."""
LONGEST_PAUSE_SECONDS = 60.0
STOP_SECONDS = 5.0


class MailSupervisor:
    """Starts the mail worker, and starts it again whenever it ends; after growing pauses where it fails soon.

    It works in the server's own process, which cannot die unnoticed, by a timer signal that its main thread handles
    once a second. A thread could leave a lock held in the workers, which the server makes by forking.
    """

    def __init__(self, command: Sequence[str], ended: Callable[[], None]) -> None:
        self._command = command
        self._ended = ended
        self._owner = os.getpid()
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = self._start_at = 0.0
        self._pause = 0.0
        self._stopping = False

    def start(self) -> None:
        """Start the worker and watch it. Call it in the main thread."""
        signal.signal(signal.SIGALRM, self.check)
        self.check()

    def stop(self) -> None:
        """End the worker and watch no longer."""
        self._stopping = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def check(self, *_signal: object) -> None:
        """See whether the worker runs, start it when it is time to, and look again in a second."""
        if self._stopping or os.getpid() != self._owner:  # forked workers have the handler too
            return
        try:
            if self.process is not None and self.process.poll() is not None:
                self._note_end(self.process.returncode)
                self.process = None
            if self.process is None and time.monotonic() >= self._start_at:
                self._launch()
        finally:
            signal.setitimer(signal.ITIMER_REAL, LOOK_EVERY_SECONDS)

    def _note_end(self, status: int) -> None:
        steady = time.monotonic() - self._started_at >= STEADY_SECONDS
        self._pause = 0.0 if steady else min(max(1.0, 2 * self._pause), LONGEST_PAUSE_SECONDS)
        self._start_at = time.monotonic() + self._pause
        log.error("mail worker ended", status=status, started_again_in_seconds=self._pause)
        self._ended()

    def _launch(self) -> None:
        self._started_at = time.monotonic()
        try:
            self.process = subprocess.Popen(self._command)  # noqa: S603  (a command of our own)
        except OSError as error:
            self._start_at = time.monotonic() + LONGEST_PAUSE_SECONDS
            log.error("mail worker not started", trouble=str(error))
