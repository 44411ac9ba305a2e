from __future__ import annotations

import io
import sys
import time

import pytest

from mtorsim.cli import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def wait_for(text, stream):
    """The bar is drawn by a thread of its own."""
    deadline = time.monotonic() + 20
    while text not in stream.getvalue() and time.monotonic() < deadline:
        time.sleep(0.001)


def drawn_at_once(monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(progress, "REFRESH_SECONDS", 0.01)
    return stream


def test_a_terminal_sees_compilation_and_then_the_share_done(monkeypatch):
    stream = drawn_at_once(monkeypatch, Terminal())
    with progress.progress_bar() as report:
        wait_for("compiling", stream)
        report(3, 10)
        wait_for("3/10", stream)
        report(10, 10)
        wait_for("10/10", stream)
    assert "compiling" in stream.getvalue()
    assert "3/10" in stream.getvalue()
    assert "10/10" in stream.getvalue()


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO(), False), (Terminal(), True)])
def test_nothing_is_shown_without_a_terminal_or_when_quiet(monkeypatch, stream, quiet):
    drawn_at_once(monkeypatch, stream)
    with progress.progress_bar(quiet=quiet) as report:
        report(10, 10)
    assert stream.getvalue() == ""


def test_a_second_passes_before_anything_is_shown(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.progress_bar() as report:
        report(10, 10)
    assert "10/10" not in stream.getvalue()
