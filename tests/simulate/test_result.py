"""Results: labels, units, statuses, and what is saved comes back."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

import mtorsim as mt
from tests.simulate.toy_model import toy

AT = ["10 min", "2 h"]


@pytest.fixture(scope="module")
def result() -> mt.SweepResult:
    """Two contexts, doses, a pair of names that vary together; one row is bad."""
    return toy().sweep(
        {"glueone": [0.5, 5.0], "draw": {"k_s6k": [1e-3, np.nan], "TOR": [3.0, 4.0]}},
        at=AT,
        contexts=["wild-type", "starved"],
        readouts=["pS6K", "TOR_bound", "TOR"],
        seed=7,
    )


class TestDataset:
    def test_dimensions_are_the_axes_and_time(self, result: mt.SweepResult) -> None:
        assert dict(result.ds.sizes) == {"context": 2, "glueone": 2, "draw": 2, "time": 2}
        assert result.ds["pS6K"].dims == ("context", "glueone", "draw", "time")
        assert result.ds["status"].dims == ("context", "glueone", "draw")

    def test_coordinates_carry_units(self, result: mt.SweepResult) -> None:
        units = {name: c.attrs.get("units") for name, c in result.ds.coords.items()}
        assert units == {
            "time": "h",
            "context": None,
            "glueone": "nM",
            "k_s6k": "1/(nM*s)",
            "TOR": "nM",
        }
        assert result.ds["time"].values == pytest.approx([1 / 6, 2.0])
        assert result.ds["context"].values.tolist() == ["wild-type", "starved"]

    def test_readouts_carry_units_and_titles(self, result: mt.SweepResult) -> None:
        assert result.ds["pS6K"].attrs["units"] == "1"
        assert result.ds["TOR_bound"].attrs["units"] == "nM"
        assert result.ds["pS6K"].attrs["long_name"] == "phosphorylated S6K"

    def test_a_readout_named_as_an_axis_gets_a_name_of_its_own(
        self, result: mt.SweepResult
    ) -> None:
        assert np.array_equal(result.ds["TOR_readout"], result["TOR"], equal_nan=True)

    def test_values_are_those_of_the_arrays(self, result: mt.SweepResult) -> None:
        picked = result.ds["pS6K"].sel(context="starved", glueone=5.0).isel(draw=0, time=1)
        assert float(picked) == result["pS6K"][1, 1, 0, 1]

    def test_the_model_versions_and_options_are_noted(self, result: mt.SweepResult) -> None:
        attrs = result.ds.attrs
        assert attrs["model"] == "toy"
        assert attrs["model_fingerprint"] == toy().fingerprint()
        assert attrs["version_mtorsim"] == mt.__version__
        assert (attrs["rtol"], attrs["seed"], attrs["sweep_mode"]) == (
            mt.SolverOptions().rtol,
            7,
            "grid",
        )


class TestFiles:
    def test_a_saved_sweep_comes_back_whole(self, result: mt.SweepResult, tmp_path: Path) -> None:
        opened = mt.open_sweep(result.save(tmp_path / "sweep.nc"))
        assert opened.ds.identical(result.ds)
        # As text, since a bad row holds NaN.
        assert str(opened.failures()) == str(result.failures())
        assert np.array_equal(opened.counters.steps, result.counters.steps)
        assert np.array_equal(opened.conservation_drift, result.conservation_drift, equal_nan=True)
        assert opened.timing == result.timing
        assert opened.message == result.message

    def test_a_sweep_over_rows_comes_back_whole(self, tmp_path: Path) -> None:
        rows = toy().sweep({"glueone": [1, 2], "blocker": [0, 1]}, at=AT, mode="zip")
        opened = mt.open_sweep(rows.save(tmp_path / "rows.nc"))
        assert opened.ds.identical(rows.ds)

    def test_csv_has_a_row_per_trajectory_and_time(
        self, result: mt.SweepResult, tmp_path: Path
    ) -> None:
        path = result.save(tmp_path / "sweep.csv")
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert list(rows[0]) == [
            *("context", "glueone", "k_s6k", "TOR"),
            *("time_h", "pS6K", "TOR_bound", "TOR_readout", "status"),
        ]
        assert len(rows) == result.status.size * 2
        row = rows[2 * np.ravel_multi_index((1, 1, 0), result.shape) + 1]
        assert (row["context"], row["glueone"], row["status"]) == ("starved", "5.0", "ok")
        assert float(row["time_h"]) == 2.0
        assert float(row["pS6K"]) == result["pS6K"][1, 1, 0, 1]
        assert (rows[2]["pS6K"], rows[2]["status"]) == ("nan", "bad_input")

    def test_frames_hold_what_the_csv_holds(self, result: mt.SweepResult) -> None:
        frame = result.to_frame()
        assert frame.shape == (16, 9)
        assert frame["pS6K"].to_numpy() == pytest.approx(result["pS6K"].reshape(-1), nan_ok=True)

    def test_existing_files_are_kept_unless_forced(
        self, result: mt.SweepResult, tmp_path: Path
    ) -> None:
        path = tmp_path / "sweep.csv"
        path.write_text("mine")
        with pytest.raises(mt.InputError, match=r"sweep\.csv exists"):
            result.save(path)
        assert path.read_text() == "mine"
        result.save(path, force=True)
        assert path.read_text().startswith("context,glueone")

    def test_nothing_is_left_of_a_write_that_failed(
        self, result: mt.SweepResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("mtorsim.simulate.files.table_columns", full)
        with pytest.raises(mt.InputError, match="can not be written"):
            result.save(tmp_path / "sweep.csv")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("name", ["sweep.xlsx", "sweep"])
    def test_other_endings_are_refused(
        self, result: mt.SweepResult, tmp_path: Path, name: str
    ) -> None:
        with pytest.raises(mt.InputError, match=r"ends in \.nc or \.csv"):
            result.save(tmp_path / name)

    def test_a_file_in_place_of_the_folder_is_named(
        self, result: mt.SweepResult, tmp_path: Path
    ) -> None:
        (tmp_path / "folder").write_text("")
        with pytest.raises(mt.InputError, match="can not be written"):
            result.save(tmp_path / "folder" / "sweep.nc")

    def test_other_files_are_not_opened(self, tmp_path: Path) -> None:
        with pytest.raises(mt.InputError, match="no such file"):
            mt.open_sweep(tmp_path / "none.nc")
        (tmp_path / "a.nc").write_text("not a sweep")
        with pytest.raises(mt.InputError, match="can not be read as a saved sweep"):
            mt.open_sweep(tmp_path / "a.nc")
        (tmp_path / "a.csv").write_text("a,b")
        with pytest.raises(mt.InputError, match=r"only \.nc"):
            mt.open_sweep(tmp_path / "a.csv")


def test_failures_name_point_time_and_reason() -> None:
    result = toy().sweep(
        {"glueone": [1.0, 2.0]}, at="2 h", max_steps=3, pre_equilibrate=False, method="scipy-Radau"
    )
    first = result.failures()[0]
    assert (first.trajectory, first.point, first.status) == (
        0,
        {"glueone": 1.0},
        mt.Status.MAX_STEPS,
    )
    assert 0 < first.time < 7200
    assert str(first).startswith("trajectory 0 (glueone = 1 nM): max_steps at ")
    assert result.message == "2 trajectories, 2 failed"


def test_unknown_names_of_a_result_name_the_nearest(result: mt.SweepResult) -> None:
    with pytest.raises(mt.UnknownNameError, match="did you mean 'pS6K'"):
        result["pS6"]
    with pytest.raises(mt.UnknownNameError, match="did you mean 'glueone'"):
        result.coordinates("glueon")
