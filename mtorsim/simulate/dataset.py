"""Results as xarray datasets, and back; this is the one place that knows xarray."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray
from numpy.typing import NDArray

from mtorsim.errors import InputError
from mtorsim.simulate.axes import Axis, Column
from mtorsim.simulate.clock import SECONDS_SHOWN_AS_HOURS, Clock
from mtorsim.simulate.outcome import COUNTER_NAMES, Counters, Outcome, Timing
from mtorsim.simulate.result import SweepResult
from mtorsim.simulate.table import column_name
from mtorsim.solvers.options import Status

DIAGNOSTICS = (*COUNTER_NAMES, "t_reached", "failed_before_drug", "drift")
TIMING_NAMES = ("compile_s", "equilibrate_s", "run_s", "n_trajectories", "n_baselines")


def build_dataset(result: SweepResult) -> xarray.Dataset:
    """One variable per readout over (axes..., time), and ``status`` over the axes."""
    variables: dict[str, Any] = {}
    for q, (name, title, unit) in enumerate(
        zip(result.readouts, result.titles, result.units, strict=True)
    ):
        attrs = {"long_name": title, "readout": name} | ({"units": unit} if unit else {})
        variables[column_name(result, name)] = (
            (*result.dims, "time"),
            result.values[..., q],
            attrs,
        )
    variables["status"] = (
        result.dims,
        result.status,
        {
            "long_name": "how the trajectory ended",
            "flag_values": np.array([int(status) for status in Status], dtype=np.int8),
            "flag_meanings": " ".join(status.label for status in Status),
        },
    )
    return xarray.Dataset(variables, coords=_coordinates(result), attrs=dict(result.provenance))


def _coordinates(result: SweepResult) -> dict[str, Any]:
    clock = result.clock
    attrs = {"long_name": "time after the start", "per_unit": clock.per_unit}
    attrs |= {"units": clock.unit} if clock.unit else {}
    attrs |= {} if clock.seconds is None else {"seconds": clock.seconds}
    coordinates: dict[str, Any] = {"time": ("time", result.shown_times, attrs)}
    for axis in result.axes:
        for column in axis.columns:
            attrs = {"long_name": _long_name(column), "role": column.role}
            if column.unit:
                attrs["units"] = column.unit
            coordinates[column.name] = (axis.name, column.coordinates, attrs)
    return coordinates


def _long_name(column: Column) -> str:
    words = {"drug": "dose of {}", "amount": "initial amount of {}", "input": "level of {}"}
    return words.get(column.role, "{}").format(column.name)


def dataset_with_diagnostics(result: SweepResult) -> xarray.Dataset:
    """The dataset with costs and accuracy per trajectory, as it is saved."""
    dataset = build_dataset(result)
    outcome = result.outcome
    for name in DIAGNOSTICS:
        holder = outcome.counters if name in COUNTER_NAMES else outcome
        array = getattr(holder, name).reshape(result.shape)
        kind = np.int8 if array.dtype == np.bool_ else array.dtype
        dataset[f"trajectory_{name}"] = (result.dims, array.astype(kind), {"role": "diagnostic"})
    for name in TIMING_NAMES:
        dataset.attrs[f"timing_{name}"] = getattr(outcome.timing, name)
    dataset.attrs.update(
        solved_method=outcome.method,
        solved_precision=outcome.precision,
        solved_lanes=outcome.lanes,
        dims=" ".join(result.dims),
    )
    return dataset


def result_of_dataset(dataset: xarray.Dataset, *, where: str) -> SweepResult:
    """The result that ``dataset_with_diagnostics`` was made of."""
    if "dims" not in dataset.attrs or "status" not in dataset:
        raise InputError(f"{where}: this file was not saved by a sweep")
    attrs = dict(dataset.attrs)
    dims = tuple(str(attrs.pop("dims")).split())
    axes = tuple(Axis(name, _columns(dataset, name)) for name in dims)
    chosen = [name for name in dataset.data_vars if "readout" in dataset[name].attrs]
    of_axes = tuple(dataset.sizes[name] for name in dims)
    arrays = [dataset[name].transpose(*dims, "time").values for name in chosen]
    values = np.stack(arrays, axis=-1).reshape(-1, dataset.sizes["time"], len(chosen))
    outcome = _outcome(dataset, attrs, values.astype(np.float64), int(np.prod(of_axes)))
    clock = _clock(dataset["time"].attrs)
    return SweepResult(
        axes=axes,
        times=dataset["time"].values * clock.per_unit,
        readouts=tuple(str(dataset[name].attrs["readout"]) for name in chosen),
        titles=tuple(str(dataset[name].attrs["long_name"]) for name in chosen),
        units=tuple(str(dataset[name].attrs.get("units", "")) for name in chosen),
        outcome=outcome,
        provenance={
            name: value.item() if isinstance(value, np.generic) else value
            for name, value in attrs.items()
        },
        clock=clock,
    )


def _clock(attrs: dict[Any, Any]) -> Clock:
    if "per_unit" not in attrs:
        return SECONDS_SHOWN_AS_HOURS
    seconds = float(attrs["seconds"]) if "seconds" in attrs else None
    return Clock(str(attrs.get("units", "")), float(attrs["per_unit"]), seconds)


def _columns(dataset: xarray.Dataset, dim: str) -> tuple[Column, ...]:
    columns = []
    for name, variable in dataset.coords.items():
        if variable.dims != (dim,) or "role" not in variable.attrs:
            continue
        values = variable.values
        labels: tuple[str, ...] = ()
        if values.dtype.kind not in "fiu":
            labels = tuple(str(label) for label in values)
            values = np.arange(len(labels), dtype=np.float64)
        unit = str(variable.attrs.get("units", ""))
        columns.append(Column(str(name), variable.attrs["role"], values, unit, labels))
    return tuple(columns)


def _outcome(
    dataset: xarray.Dataset, attrs: dict[Any, Any], values: NDArray[np.float64], size: int
) -> Outcome:
    def flat(name: str, kind: Any) -> NDArray[Any]:
        return np.asarray(dataset[f"trajectory_{name}"].values, dtype=kind).reshape(size)

    return Outcome(
        values=values,
        status=np.asarray(dataset["status"].values, dtype=np.int8).reshape(size),
        t_reached=flat("t_reached", np.float64),
        failed_before_drug=flat("failed_before_drug", np.bool_),
        drift=flat("drift", np.float64),
        counters=Counters(**{name: flat(name, np.int32) for name in COUNTER_NAMES}),
        timing=Timing(
            **{
                name: type(getattr(Timing(), name))(attrs.pop(f"timing_{name}"))
                for name in TIMING_NAMES
            }
        ),
        method=str(attrs.pop("solved_method")),
        precision=str(attrs.pop("solved_precision")),
        lanes=int(attrs.pop("solved_lanes")),
    )
