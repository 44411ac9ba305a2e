"""The model that a command line asks for: its drugs, context, loops and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import mtorsim as mt
from mtorsim.cli.parsing import parse_assignments


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A model and the changes asked for.

    Parameters
    ----------
    model : name of a shipped model, or path of a model file
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
        """Dose by drug, as written."""
        return parse_assignments(self.doses, option="--dose")

    def load(self, *, varied: Iterable[str] = ()) -> mt.Model:
        """The model with every change except its context.

        Parameters
        ----------
        varied : names on axes: drugs, which are merged in, too, or numbers of the model

        Raises
        ------
        UnknownNameError, InputError, UnitsError, ModelError : as of the model
        """
        model = mt.load(self.model).with_drugs(*self.drugs, *self.drug_doses())
        model = model.with_drugs(*(name for name in varied if name in model.drugs))
        for name in varied:
            known = (*model.drugs, *model.network.parameter_ids, *model.network.species_ids)
            if name not in known:
                raise mt.UnknownNameError("drug, parameter, species or input", name, known)
        return _with_numbers(
            model.without(*self.without), parse_assignments(self.settings, option="--set")
        )

    def load_in_context(self, *, varied: Iterable[str] = ()) -> mt.Model:
        """The model with every change, for verbs that run one context at a time."""
        if len(self.contexts) > 1:
            both = "+".join(self.contexts)
            raise mt.InputError(f"--context is given twice; write {both} for both together")
        model = self.load(varied=varied)
        for context in self.contexts:
            model = model.with_context(*context.split("+"))
        return model


def _with_numbers(model: mt.Model, numbers: Mapping[str, str]) -> mt.Model:
    """The model with parameters, inputs and initial amounts changed."""
    network = model.network
    for name, value in numbers.items():
        if name in network.parameter_ids:
            model = model.with_parameters({name: value})
        elif name in network.dynamic_species:
            model = model.with_amounts({name: value})
        elif name in network.fixed_species:
            model = model.with_inputs({name: value})
        else:
            known = (*network.parameter_ids, *network.species_ids)
            raise mt.UnknownNameError("parameter, input or species", name, known, where="--set")
    return model
