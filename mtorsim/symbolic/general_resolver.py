"""Works out the `GeneralSystem` of a `GeneralModel`."""

from __future__ import annotations

import math

from mtorsim.errors import ModelError
from mtorsim.network.general_model import GeneralModel, ModelSpecies, Participant
from mtorsim.symbolic.derivative import differentiate
from mtorsim.symbolic.general_system import GeneralSystem, ResolvedEvent


def resolve(model: GeneralModel) -> GeneralSystem:
    """The system of a model.

    Raises
    ------
    ModelError : rules that need each other, or a rule or event for what can not be set
    """
    return _Resolver(model).system()


class _Resolver:
    """Works out one model; ``values`` grows until every symbol has its formula."""

    def __init__(self, model: GeneralModel) -> None:
        self.model, self.graph = model, model.graph
        self.species = {species.id: species for species in model.species}
        self.compartments = {c.id: c for c in model.compartments}
        self.reactions = {reaction.id: reaction for reaction in model.reactions}
        self.participants = {
            p.id: p for r in model.reactions for p in (*r.reactants, *r.products) if p.id
        }
        self._check_references()
        self.slots = self._choose_slots()
        self.index = {sid: i for i, sid in enumerate(self.slots)}
        self.parameter_values = {p.id: p.value for p in model.parameters}
        self.terms = self._collect_terms()
        self.values: dict[str, int] = {}
        self.known: dict[int, int] = {}
        self.rate_nodes: dict[str, int] = {}

    def system(self) -> GeneralSystem:
        """Everything in order: values, then rates, then what uses both."""
        model = self.model
        self._check_targets()
        self._resolve_values()
        rates = tuple(self.slot_rate(sid) for sid in self.slots[: self.n_continuous])
        self.values = {sid: self.resolved(node) for sid, node in self.values.items()}
        amounts = {sid: self._amount(species) for sid, species in self.species.items()}
        return GeneralSystem(
            model=model,
            graph=self.graph,
            slots=self.slots,
            rates=rates,
            initial=tuple(self._initial(sid) for sid in self.slots),
            values=self.values,
            amounts=amounts,
            concentrations={
                sid: self._over_size(amounts[sid], species) for sid, species in self.species.items()
            },
            concentration_slots={
                self.index[sid]: self.size(species)
                for sid, species in self.species.items()
                if sid in self.index and self._holds_concentration(species)
            },
            events=tuple(self._event(number) for number in range(len(model.events))),
        )

    def _check_references(self) -> None:
        """Refuse a species in what is no compartment, a participant that is no species."""
        model = self.model
        for species in model.species:
            if species.compartment not in self.compartments:
                raise ModelError(
                    f"{model.where(species.id)}: species {species.id!r} is in "
                    f"{species.compartment!r}, which is not a compartment"
                )
        for reaction in model.reactions:
            for participant in (*reaction.reactants, *reaction.products):
                if participant.species not in self.species:
                    raise ModelError(
                        f"{model.where(reaction.id)}: reaction {reaction.id!r} changes "
                        f"{participant.species!r}, which is not a species"
                    )

    def _choose_slots(self) -> tuple[str, ...]:
        model = self.model
        owned = [
            *(species.id for species in model.species),
            *(compartment.id for compartment in model.compartments),
            *(parameter.id for parameter in model.parameters),
            *self.participants,
        ]
        free = [sid for sid in owned if sid not in model.rules]
        moved = {
            p.species
            for r in model.reactions
            if r.law is not None
            for p in (*r.reactants, *r.products)
            if not self._is_held(self.species[p.species])
        }
        continuous = [sid for sid in free if sid in model.rates or sid in moved]
        self.n_continuous = len(continuous)
        chosen = set(continuous)
        return (*continuous, *(sid for sid in free if sid not in chosen))

    def _is_held(self, species: ModelSpecies) -> bool:
        return species.boundary or species.constant or species.id in self.model.rates

    def _check_targets(self) -> None:
        model = self.model
        known = {*self.slots, *model.rules}
        targets = [*model.rules, *model.rates, *model.initial]
        targets += [sid for event in model.events for sid, _ in event.assignments]
        for sid in targets:
            if sid not in known:
                raise ModelError(f"{model.where(sid)}: {sid!r} can not be set by a rule or event")
        for sid in model.rates:
            if sid in model.rules:
                raise ModelError(f"{model.where(sid)}: there are two rules for {sid!r}")
        for reaction in model.reactions:
            for participant in (*reaction.reactants, *reaction.products):
                species = self.species[participant.species]
                if not self._is_held(species) and species.id in model.rules:
                    raise ModelError(
                        f"{model.where(reaction.id)}: reaction {reaction.id!r} and a rule both "
                        f"change species {species.id!r}"
                    )

    # -- values of symbols

    def _definition(self, sid: str) -> int:
        """What a symbol stands for, perhaps in terms of other symbols."""
        graph, model = self.graph, self.model
        if sid in model.rules:
            return model.rules[sid]
        if sid in self.reactions:
            law = self.reactions[sid].law
            return graph.number(math.nan) if law is None else law
        slot = graph.slot(self.index[sid])
        species = self.species.get(sid)
        if species is None or species.in_amount or self._holds_concentration(species):
            return slot
        return self._over_size(slot, species)

    def _holds_concentration(self, species: ModelSpecies) -> bool:
        return species.id in self.model.rates and not species.in_amount

    def size(self, species: ModelSpecies) -> int:
        """Size of the species' compartment; 1 for one without dimensions."""
        compartment = self.compartments[species.compartment]
        if compartment.dimensions == 0:
            return self.graph.number(1.0)
        return self.values.get(compartment.id, self.graph.symbol(compartment.id))

    def _over_size(self, amount: int, species: ModelSpecies) -> int:
        return self.graph.apply("div", amount, self.size(species))

    def _resolve_values(self) -> None:
        """Replace symbols in definitions, each after those it needs."""
        for sid in [*self.slots, *self.model.rules, *self.reactions]:
            self._resolve_symbol(sid)

    def _resolve_symbol(self, start: str) -> None:
        graph, done = self.graph, self.known
        stack, path = [(start, False)], dict[str, None]()
        while stack:
            sid, is_ready = stack.pop()
            if sid in self.values:
                continue
            definition = self._definition(sid)
            if is_ready:
                self.values[sid] = graph.substitute(definition, done)
                done[graph.symbol(sid)] = self.values[sid]
                del path[sid]
                continue
            if sid in path:
                raise self._cycle([*path], sid)
            path[sid] = None
            stack.append((sid, True))
            needed = [str(name) for name in graph.leaves([definition], "symbol")]
            for name in needed:
                if name in path:
                    raise self._cycle([*path], name)
                if name not in self.values:
                    stack.append((name, False))

    def _cycle(self, path: list[str], sid: str) -> ModelError:
        loop = [*path[path.index(sid) :], sid]
        text = " -> ".join(loop if len(loop) <= 8 else [*loop[:7], "..."])
        return ModelError(f"{self.model.where(sid)}: rules need each other in a circle: {text}")

    def resolved(self, node: int) -> int:
        """A formula of the model as one of time and slots."""
        node = self.graph.substitute(node, self.known)
        names = [str(name) for name in self.graph.leaves([node], "rate")]
        if not names:
            return node
        rates = {self.graph.rate_of(name): self.rate_of(name) for name in names}
        return self.graph.substitute(node, rates)

    # -- rates

    def slot_rate(self, sid: str) -> int:
        """Formula of the time derivative of a slot."""
        if sid not in self.rate_nodes:
            self.rate_nodes[sid] = -1
            self.rate_nodes[sid] = self.resolved(self._raw_rate(sid))
        if self.rate_nodes[sid] < 0:
            raise ModelError(f"{self.model.where(sid)}: the rate of {sid!r} needs itself")
        return self.rate_nodes[sid]

    def _raw_rate(self, sid: str) -> int:
        graph, model = self.graph, self.model
        if sid in model.rates:
            return model.rates[sid]
        species = self.species.get(sid)
        if species is None or self._is_held(species):
            return graph.number(0.0)
        total = graph.total(self.terms.get(sid, []))
        factor = species.conversion_factor or model.conversion_factor
        return total if factor is None else graph.apply("mul", graph.symbol(factor), total)

    def _collect_terms(self) -> dict[str, list[int]]:
        """Per species what each reaction adds to its amount, per time."""
        terms: dict[str, list[int]] = {}
        for reaction in self.model.reactions:
            for side, sign in ((reaction.reactants, -1.0), (reaction.products, 1.0)):
                for participant in side:
                    if reaction.law is not None:
                        term = self._term(participant, sign, reaction.id)
                        terms.setdefault(participant.species, []).append(term)
        return terms

    def _term(self, participant: Participant, sign: float, reaction: str) -> int:
        """What a reaction adds to the amount of a participant, per time."""
        graph, rate = self.graph, self.graph.symbol(reaction)
        if participant.id is not None:
            term = graph.apply("mul", graph.symbol(participant.id), rate)
        elif participant.stoichiometry is None:
            term = graph.apply("mul", graph.number(math.nan), rate)
        else:
            term = graph.apply("mul", graph.number(participant.stoichiometry), rate)
        return graph.apply("neg", term) if sign < 0 else term

    def rate_of(self, sid: str) -> int:
        """Formula of the time derivative of any quantity."""
        graph = self.graph
        try:
            value = self.resolved(self.values[sid])
            indices = [int(str(i)) for i in graph.leaves([value], "slot")]
            seeds = {
                graph.slot(i): self.slot_rate(self.slots[i])
                for i in indices
                if i < self.n_continuous
            }
        except RecursionError as error:
            raise ModelError(f"{self.model.where(sid)}: rateOf is nested too deeply") from error
        seeds[graph.time()] = graph.number(1.0)
        return differentiate(graph, value, seeds)

    # -- what stands at the start, and in events

    def _amount(self, species: ModelSpecies) -> int:
        """Formula of the amount of a species."""
        value = self.values[species.id]
        if species.in_amount:
            return value
        if species.id in self.index and not self._holds_concentration(species):
            return self.graph.slot(self.index[species.id])
        return self.graph.apply("mul", value, self.size(species))

    def _initial(self, sid: str) -> int:
        graph, model = self.graph, self.model
        species = self.species.get(sid)
        if species is None:
            if sid in model.initial:
                return self.resolved(model.initial[sid])
            return graph.number(self._initial_number(sid))
        size = self.size(species)
        in_concentration = self._holds_concentration(species)
        if sid in model.initial:
            value = self.resolved(model.initial[sid])
            is_amount = species.in_amount
        elif species.initial_amount is not None:
            value, is_amount = graph.number(species.initial_amount), True
        elif species.initial_concentration is not None:
            value, is_amount = graph.number(species.initial_concentration), False
        else:
            return graph.number(0.0)
        if is_amount == (not in_concentration):
            return value
        return graph.apply("div" if is_amount else "mul", value, size)

    def _initial_number(self, sid: str) -> float:
        """Value written for a compartment, parameter or stoichiometry."""
        if sid in self.compartments:
            size = self.compartments[sid].size
            return 1.0 if size is None else size
        if sid in self.participants:
            stoichiometry = self.participants[sid].stoichiometry
            return math.nan if stoichiometry is None else stoichiometry
        value = self.parameter_values.get(sid)
        return math.nan if value is None else value

    def _event(self, number: int) -> ResolvedEvent:
        event = self.model.events[number]
        sets, times_size = {}, {}
        for sid, formula in event.assignments:
            if sid not in self.index:
                raise ModelError(
                    f"{self.model.where(sid)}: event {event.id!r} sets {sid!r}, which a rule sets"
                )
            slot = self.index[sid]
            sets[slot] = self.resolved(formula)
            species = self.species.get(sid)
            if species and not species.in_amount and not self._holds_concentration(species):
                times_size[slot] = self.size(species)
        return ResolvedEvent(
            id=event.id,
            trigger=self.resolved(event.trigger),
            delay=None if event.delay is None else self.resolved(event.delay),
            priority=None if event.priority is None else self.resolved(event.priority),
            initially_true=event.initially_true,
            persistent=event.persistent,
            uses_trigger_values=event.uses_trigger_values,
            sets=sets,
            times_size=times_size,
        )
