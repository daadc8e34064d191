"""The web server is told to stop while it starts a worker again."""

from directory.cli.server.respawning_server import RespawningServer


def test_a_signal_to_stop_outlives_the_start_of_another_worker() -> None:
    server = RespawningServer("target", port=1)
    server.main_loop_interrupt.set()
    server.main_loop_interrupt.clear()
    assert not server.main_loop_interrupt.is_set()
    server.signal_handler_interrupt()
    server.main_loop_interrupt.clear()  # as the loop does once the worker runs
    assert server.main_loop_interrupt.is_set()
