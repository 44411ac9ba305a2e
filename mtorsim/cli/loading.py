"""The model that a command line asks for: its drugs, context, loops and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mtorsim as mt
from mtorsim.cli.parsing import (
    parse_assignments,
    parse_doses,
    split_list,
    split_times,
    time_with_unit,
)

if TYPE_CHECKING:
    from mtorsim.simulate.model_face import ModelFace


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A model and the changes asked for.

    Parameters
    ----------
    model : name of a shipped model, or path of a file in any format that `mt.load` reads
    contexts : ids; several that act together are written ``"PTEN-lost+starved"``
    without : loops to cut
    settings : ``NAME=VALUE`` of parameters, inputs and initial amounts
    doses : ``DRUG=DOSE``
    drugs : drugs to merge in without a dose
    """

    model: str
    contexts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    doses: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()

    def drug_doses(self) -> dict[str, str]:
        """Dose by drug, as written.

        Raises
        ------
        InputError : a dose can not be read, or has no unit
        """
        return parse_doses(self.doses)

    def load(self, *, varied: Iterable[str] = ()) -> mt.Model:
        """The model with every change except its context.

        Parameters
        ----------
        varied : names on axes: drugs, which are merged in, too, or numbers of the model

        Raises
        ------
        UnknownNameError, InputError, UnitsError, ModelError : as of the model
        """
        return self._changed(mt.load_native(self.model), varied)

    def load_any(self, *, varied: Iterable[str] = ()) -> ModelFace:
        """As `load`, of models from other tools, too, whose own numbers can be set."""
        model = mt.load(self.model)
        if isinstance(model, mt.Model):
            return self._changed(model, varied)
        model = model.with_drugs(*self.drugs, *self.drug_doses()).without(*self.without)
        return model.with_values(self._numbers())

    def _changed(self, model: mt.Model, varied: Iterable[str]) -> mt.Model:
        model = model.with_drugs(*self.drugs, *self.drug_doses())
        model = model.with_drugs(*(name for name in varied if name in model.drugs))
        for name in varied:
            known = (*model.drugs, *model.network.parameter_ids, *model.network.species_ids)
            if name not in known:
                raise mt.UnknownNameError("drug, parameter, species or input", name, known)
        return model.without(*self.without).with_values(self._numbers())

    def _numbers(self) -> dict[str, str]:
        return parse_assignments(self.settings, option="--set")

    def load_in_context(self, *, varied: Iterable[str] = ()) -> mt.Model:
        """The model with every change, for verbs that run one context at a time."""
        model = self.load(varied=varied)
        return model.with_context(*self._context()) if self.contexts else model

    def load_any_in_context(self, *, varied: Iterable[str] = ()) -> ModelFace:
        """As `load_in_context`, of models from other tools, too."""
        model = self.load_any(varied=varied)
        return model.with_context(*self._context()) if self.contexts else model

    def _context(self) -> list[str]:
        """Ids of the one context that was asked for."""
        if len(self.contexts) > 1:
            both = "+".join(self.contexts)
            raise mt.InputError(f"--context is given twice; write {both} for both together")
        return self.contexts[0].split("+")


def times_for(model: ModelFace, texts: Sequence[str]) -> list[str]:
    """Times as written: of a native model with their units, of another in that model's own unit.

    Raises
    ------
    InputError : a time of a native model has no unit
    """
    return split_times(texts) if isinstance(model, mt.Model) else split_list(texts, option="--at")


def time_for(model: ModelFace, text: str | None, *, option: str) -> str | None:
    """One time as written, with its unit as of `times_for`; None where none is."""
    if text is None or not isinstance(model, mt.Model):
        return text
    return time_with_unit(text, option=option)
