"""The order of trajectories: each once, those of one state before the drug together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mtorsim.simulate.axes import Axis, Column, Role
from mtorsim.simulate.ensemble import Ensemble

ROLES: list[Role] = ["drug", "input", "parameter", "amount"]


@st.composite
def ensembles(draw: st.DrawFn) -> Ensemble:
    axes = []
    for i in range(draw(st.integers(0, 3))):
        length = draw(st.integers(1, 4))
        columns = [
            Column(f"{role}{i}{j}", role, np.array(draw(fixed_length(length))), "nM")
            for j, role in enumerate(draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=3)))
        ]
        axes.append(Axis(f"axis{i}", tuple(columns)))
    return Ensemble(tuple(axes))


def fixed_length(length: int) -> st.SearchStrategy[list[float]]:
    return st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=length, max_size=length)


def before_drug(ensemble: Ensemble, points: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(
        float(column.values[at])
        for axis, at in zip(ensemble.axes, points, strict=True)
        for column in axis.columns
        if column.role in {"parameter", "amount"}
    )


@given(ensemble=ensembles(), block=st.integers(1, 7))
def test_each_trajectory_comes_once_with_its_own_state_before_the_drug(
    ensemble: Ensemble, block: int
) -> None:
    seen: list[int] = []
    distinct = set()
    n_baselines = 0
    for chunk in ensemble.chunks(block=block):
        n_rows = len(chunk.baselines[0]) if ensemble.axes else 1
        assert n_rows <= block
        n_baselines += n_rows
        for trajectory, row in zip(chunk.trajectories, chunk.baseline_of_trajectory, strict=True):
            own = tuple(int(at[0]) for at in ensemble.points(np.array([trajectory])))
            settled = tuple(int(at[row]) for at in chunk.baselines)
            assert before_drug(ensemble, own) == before_drug(ensemble, settled)
            distinct.add(before_drug(ensemble, own))
        assert (np.diff(chunk.baseline_of_trajectory) >= 0).all()
        seen += chunk.trajectories.tolist()
    assert sorted(seen) == list(range(ensemble.size))
    # Once per distinct row of what acts before the drug, never once per dose.
    assert n_baselines == len(distinct)


def test_a_million_doses_share_one_state_before_the_drug() -> None:
    dose = Column("d", "drug", np.geomspace(1e-3, 1e3, 1_000_000), "nM")
    chunks = list(Ensemble((Axis("d", (dose,)),)).chunks())
    assert len(chunks) == 1
    assert (chunks[0].baseline_of_trajectory == 0).all()
