from __future__ import annotations

import math

import numpy as np
import pytest

from mtorsim.errors import InputError, SolverError
from tests.interop.sbml_documents import Document


def counter() -> Document:
    return Document().parameter("n", 0.0)


class TestWhenEventsFire:
    def test_the_value_at_the_time_of_an_event_is_that_after_it(self) -> None:
        document = counter().event("E", "time >= 5", {"n": "1"})
        assert document.run("n", t_out=[4, 5, 6])[:, 0].tolist() == [0, 1, 1]

    def test_a_strict_trigger_is_still_false_at_the_bound(self) -> None:
        document = counter().event("E", "time > 5", {"n": "1"})
        assert document.run("n", t_out=[5, 6])[:, 0].tolist() == [0, 1]

    def test_a_window_within_one_step_is_not_missed(self) -> None:
        document = counter().parameter("x", 0.0).rate("x", "1")
        document.event("E", "x > 50.001 && x < 50.0011", {"n": "n + 1"})
        assert document.run("n", t_out=[100])[0, 0] == 1

    def test_an_equality_is_met_at_its_instant(self) -> None:
        document = counter().event("E", "rem(time, 24) == 0 && time >= 24", {"n": "n + 1"})
        assert document.run("n", t_out=[100])[0, 0] == 4

    def test_a_trigger_true_at_the_start_fires_only_if_it_was_false_before(self) -> None:
        for initially_true, fired in ((True, 0), (False, 1)):
            document = counter().event("E", "n < 1", {"n": "1"}, initially_true=initially_true)
            assert document.run("n", t_out=[0])[0, 0] == fired

    def test_a_state_crosses_its_threshold_at_the_exact_time(self) -> None:
        document = (
            counter().parameter("x", 1.0).rate("x", "-x").event("E", "x < 0.5", {"n": "time"})
        )
        assert document.run("n", t_out=[2])[0, 0] == pytest.approx(math.log(2), rel=1e-9)

    @pytest.mark.compiled
    def test_ten_thousand_events_are_counted_exactly(self) -> None:
        document = counter().parameter("last", 0.0)
        document.event("E", "time - last >= 0.01", {"last": "time", "n": "n + 1"})
        n = document.run("n", t_out=[100])[0, 0]
        assert abs(n - 10_000) <= 1  # 0.01 is not a binary fraction


class TestHowEventsAreExecuted:
    @pytest.mark.parametrize(("trigger_values", "value"), [(True, 1.0), (False, 3.0)])
    def test_values_are_of_the_trigger_or_of_the_execution(
        self, trigger_values: bool, value: float
    ) -> None:
        document = counter().parameter("x", 0.0).rate("x", "1")
        document.event("E", "time >= 1", {"n": "x"}, delay="2", trigger_values=trigger_values)
        assert document.run("n", t_out=[2.9, 3])[:, 0] == pytest.approx([0, value], rel=1e-9)

    @pytest.mark.parametrize(("persistent", "value"), [(True, 1.0), (False, 0.0)])
    def test_a_trigger_that_turns_false_takes_back_what_is_not_persistent(
        self, persistent: bool, value: float
    ) -> None:
        document = counter().event(
            "E", "time >= 1 && time < 2", {"n": "1"}, delay="3", persistent=persistent
        )
        assert document.run("n", t_out=[10])[0, 0] == value

    def test_the_higher_priority_goes_first(self) -> None:
        document = counter()
        document.event("Low", "time >= 1", {"n": "n * 10 + 1"}, priority="1", trigger_values=False)
        document.event("High", "time >= 1", {"n": "n * 10 + 2"}, priority="2", trigger_values=False)
        assert document.run("n", t_out=[1])[0, 0] == 21

    def test_equal_priorities_are_drawn_by_lot_and_repeat_with_the_seed(self) -> None:
        document = counter()
        for number in (1, 2):
            document.event(
                f"E{number}",
                "time >= 1",
                {"n": f"n * 10 + {number}"},
                priority="1",
                trigger_values=False,
            )
        draws = [document.run("n", t_out=[1], seed=seed)[0, 0] for seed in range(12)]
        assert set(draws) == {12.0, 21.0}
        assert draws[3] == document.run("n", t_out=[1], seed=3)[0, 0]

    def test_one_event_may_set_off_another_at_the_same_time(self) -> None:
        document = counter().parameter("m", 0.0).event("A", "time >= 1", {"m": "1"})
        document.event("B", "m > 0", {"n": "m + 1"})
        assert document.run("n", t_out=[1])[0, 0] == 2

    def test_a_compartment_that_jumps_keeps_the_amounts_in_it(self) -> None:
        document = Document().compartment(size=1.0, constant=False).species("A", amount=6.0)
        document.event("E", "time >= 1", {"c": "3"})
        assert document.run("A", t_out=[0, 1])[:, 0].tolist() == [6.0, 2.0]

    def test_events_without_end_are_stopped(self) -> None:
        document = counter().event("A", "n < 1", {"n": "1"}, initially_true=False)
        document.event("B", "n >= 1", {"n": "0"}, initially_true=False)
        with pytest.raises(SolverError, match="without end at time 0"):
            document.run("n", t_out=[1])

    def test_a_negative_delay_is_refused(self) -> None:
        document = counter().event("E", "time >= 1", {"n": "1"}, delay="-1")
        with pytest.raises(SolverError, match="delay must not be negative"):
            document.run("n", t_out=[2])


class TestIntegration:
    def test_a_jump_of_the_rate_leaves_no_error(self) -> None:
        document = Document().parameter("x", 0.0).rate("x", "piecewise(1, time < 3, 7)")
        assert document.run("x", t_out=[3, 5])[:, 0] == pytest.approx([3.0, 17.0], rel=1e-12)

    def test_a_jump_on_the_state_leaves_no_error(self) -> None:
        document = Document().parameter("x", 0.0).rate("x", "piecewise(2, x < 1, 0.5)")
        assert document.run("x", t_out=[1.5])[0, 0] == pytest.approx(1.5, rel=1e-9)

    def test_whole_numbers_step(self) -> None:
        document = Document().parameter("x", 0.0).rate("x", "floor(time)")
        assert document.run("x", t_out=[4])[0, 0] == pytest.approx(6.0, rel=1e-12)

    def test_an_oscillator_keeps_its_amplitude(self) -> None:
        document = Document().parameter("x", 1.0).parameter("v", 0.0).rate("x", "v").rate("v", "-x")
        times = np.linspace(0, 50, 11)
        assert document.run("x", t_out=times)[:, 0] == pytest.approx(np.cos(times), abs=1e-7)

    def test_a_blow_up_is_an_error_with_its_time(self) -> None:
        document = Document().parameter("x", 1.0).rate("x", "x * x")
        with pytest.raises(SolverError, match="stopped at time 1"):
            document.run("x", t_out=[2])

    def test_times_must_ascend(self) -> None:
        with pytest.raises(InputError, match="ascending"):
            counter().run("n", t_out=[2, 1])
