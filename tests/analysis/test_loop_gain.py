"""Loop gains: closed forms of tiny loops, and what Bode's law says of larger ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.loop_gain import loop_gains

SOURCE = 'spread = 1, source = "assumed", why = "invented"'
A, B, C, D, G = 2.0, 0.3, 0.5, 0.1, 0.25
"""nM/s: synthesis of S; 1/(nM*s): what I does to it; 1/s: synthesis and loss of I; loss of S."""


def tiny(folder: Path, effect: str, unit: str) -> mt.Model:
    """S makes I, and I acts on S; the loop reads S where I is made."""
    path = folder / "tiny.toml"
    path.write_text(
        f"""
[model]
id = "tiny"
title = "A loop of two"
[parameters]
a = {{ value = {A}, unit = "nM/s", {SOURCE} }}
b = {{ value = {B}, unit = "{unit}", {SOURCE} }}
c = {{ value = {C}, unit = "1/s", {SOURCE} }}
d = {{ value = {D}, unit = "1/s", {SOURCE} }}
g = {{ value = {G}, unit = "1/s", {SOURCE} }}
[species]
S = {{}}
I = {{}}
[[reaction]]
id = "s_made"
equation = "0 -> S"
rate = "a"
open = true
[[reaction]]
id = "s_lost"
equation = "S -> 0"
rate = "d"
open = true
[[reaction]]
id = "i_made"
equation = "S -> S + I"
rate = "c"
open = true
[[reaction]]
id = "i_lost"
equation = "I -> 0"
rate = "g"
open = true
[[reaction]]
id = "effect"
equation = "{effect}"
rate = "b"
open = true
[[loop]]
id = "loop"
title = "S -> I, which acts on S"
sign = "negative"
signal = "S"
reactions = ["i_made"]
source = "assumed"
why = "invented"
"""
    )
    return mt.load(path)


def test_the_gain_of_a_brake_is_its_closed_form(tmp_path: Path) -> None:
    """Opened, S rests at a / (d + b I) with I = c F / g."""
    (found,) = loop_gains(tiny(tmp_path, "I + S -> I", "1/(nM*s)"))
    p = B * C / G
    level = (-D + np.sqrt(D**2 + 4 * p * A)) / (2 * p)
    assert found.level == pytest.approx(level, rel=1e-6)
    assert found.gain == pytest.approx(-p * level / (D + p * level), rel=1e-6)
    assert found.closed_loop_share == pytest.approx(1 / (1 - found.gain))


def test_the_gain_of_a_booster_is_its_closed_form(tmp_path: Path) -> None:
    """Opened, S rests at (a + b c F / g) / d, where 0.04 stands for b."""
    model = tiny(tmp_path, "I -> I + S", "1/s").with_parameters(b=0.04)
    (found,) = loop_gains(model)
    made_by_loop = 0.04 * C / G * found.level
    assert found.gain == pytest.approx(made_by_loop / (A + made_by_loop), rel=1e-6)


def test_a_loop_that_is_cut_has_no_gain(tmp_path: Path) -> None:
    (found,) = loop_gains(tiny(tmp_path, "I + S -> I", "1/(nM*s)").without("loop"))
    assert found.gain == 0.0


def test_a_clamped_loop_is_refused(tmp_path: Path) -> None:
    with pytest.raises(mt.InputError, match="loop clamped: gains are those of a model with no"):
        loop_gains(tiny(tmp_path, "I + S -> I", "1/(nM*s)").clamped("loop"))


def test_a_signal_that_is_absent_has_no_gain(tmp_path: Path) -> None:
    (found,) = loop_gains(tiny(tmp_path, "I + S -> I", "1/(nM*s)").with_parameters(a=0))
    assert np.isnan(found.gain)
    assert found.note == "the signal is absent"


def test_names_and_doses_that_mean_nothing_are_refused() -> None:
    core = mt.load("mtor-core")
    with pytest.raises(mt.UnknownNameError, match="did you mean 's6k1_irs1_feedback'"):
        loop_gains(core, loops=["s6k_irs1_feedback"])
    with pytest.raises(mt.UnknownNameError, match="did you mean 'everolimus'"):
        loop_gains(core, drugs={"everolimu": "1 nM"})
    with pytest.raises(mt.UnitsError):
        loop_gains(core, drugs={"everolimus": "1 h"})


def test_a_closed_loop_moves_its_signal_by_what_the_gain_says() -> None:
    """A small step of insulin moves the signal 1 / (1 - gain) as far as with the loop clamped."""
    core, loop = mt.load("mtor-core"), "s6k1_irs1_feedback"
    (found,) = loop_gains(core, loops=[loop])
    (signal,) = core.network.loop(loop).signals
    moved = []
    for model in (core, core.clamped(loop)):
        up, down = (model.steady_state(inputs={"Insulin": 100 * f})[signal] for f in (1.01, 0.99))
        moved.append(np.log(up / down))
    closed, opened = moved
    # A step of 1 % either way leaves out terms of its square, 1e-4, times a curvature of order 10.
    assert closed / opened == pytest.approx(found.closed_loop_share, rel=1e-3)


def test_a_brake_that_others_need_is_told_to_be_one() -> None:
    found = {g.loop: g for g in loop_gains(mt.load("mtor-core"))}
    loose = found["ikba_feedback"]
    assert np.isnan(loose.gain) == (loose.note == "never at rest with this loop opened")


def test_a_rapalog_takes_the_gain_off_the_loop_of_s6k1() -> None:
    core = mt.load("mtor-core")
    gains = [
        loop_gains(core, loops=["s6k1_irs1_feedback"], drugs={"everolimus": dose}, at=at)[0].gain
        for dose, at in (("0 nM", "24 h"), ("20 nM", "24 h"), ("20 nM", None))
    ]
    assert gains[0] < gains[1] < 0.0
    assert gains[0] < gains[2] < 0.0
