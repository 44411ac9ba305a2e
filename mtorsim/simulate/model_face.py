"""What every model can do, whichever format it came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self, Unpack

from mtorsim.network.balance import ConservedMoiety
from mtorsim.network.loop import Loop
from mtorsim.simulate.catalogue import Catalogue
from mtorsim.simulate.dosing import Regimen
from mtorsim.simulate.result import SweepResult, Trajectory
from mtorsim.simulate.setting import SolverSettings
from mtorsim.simulate.steady import SteadyState
from mtorsim.solvers.options import SolverOptions

if TYPE_CHECKING:
    from mtorsim.codegen.ensemble_kernel import EnsembleKernel

Given = Mapping[str, Any] | None
Regimens = Regimen | Iterable[Regimen]
Readouts = Sequence[str] | str | None


class ModelFace(Protocol):
    """The face that `Model` and `ImportedModel` share: immutable, with each change another model.

    Quantities are numbers or strings with a unit. Bare ones of a native model are in nM and s, of
    an imported one in the units of its file. What a model has none of (drugs, contexts and loops
    of an imported one) is refused with `InputError` where it is named.
    """

    @property
    def id(self) -> str:
        """Name of the model."""

    @property
    def title(self) -> str:
        """What the model is about."""

    @property
    def drugs(self) -> tuple[str, ...]:
        """Drugs that the model can be given."""

    @property
    def species(self) -> Catalogue[Any]:
        """Species with their initial amounts."""

    @property
    def parameters(self) -> Catalogue[Any]:
        """Parameters with their present values."""

    @property
    def reactions(self) -> Catalogue[Any]:
        """Reactions with their rates."""

    @property
    def observables(self) -> Catalogue[Any]:
        """What is read out where nothing is asked for."""

    @property
    def loops(self) -> Catalogue[Loop]:
        """Feedback loops that can be cut or clamped."""

    @property
    def compartments(self) -> Catalogue[Any]:
        """Compartments with their sizes."""

    @property
    def counts(self) -> dict[str, int]:
        """How many of each thing there are."""

    @property
    def time_unit(self) -> str:
        """Unit of bare times; empty where it is not known."""

    def equations(self, *, latex: bool = False) -> str:
        """The differential equations for people, as text or LaTeX."""

    def conserved_moieties(self) -> tuple[ConservedMoiety, ...]:
        """Sums of species that nothing changes."""

    def kernel(self) -> EnsembleKernel:
        """What trajectories run on, with its generated files."""

    def fingerprint(self) -> str:
        """SHA-256 of the structure and of every number that a run reads."""

    def with_drugs(self, *drugs: str) -> Self:
        """With drugs merged in at dose 0."""

    def with_context(self, *contexts: str) -> Self:
        """In these contexts instead of the present ones."""

    def with_genotype(self, *genotypes: str) -> Self:
        """With these genotypes instead of the present ones."""

    def without(self, *loops: str) -> Self:
        """With these feedback loops cut, too."""

    def clamped(self, *loops: str) -> Self:
        """With the signals of these loops held, too."""

    def with_parameters(self, values: Given = None, **more: Any) -> Self:
        """With new parameter values."""

    def with_amounts(self, amounts: Given = None, **more: Any) -> Self:
        """With new initial amounts of species."""

    def with_inputs(self, levels: Given = None, **more: Any) -> Self:
        """With inputs held at new levels."""

    def with_values(self, values: Given = None, **more: Any) -> Self:
        """With new parameters, initial amounts or inputs, whichever each name is."""

    def simulate(
        self,
        span: Any = None,
        *,
        drugs: Given = None,
        inputs: Given = None,
        dosing: Regimens = (),
        at: Any = None,
        readouts: Readouts = None,
        pre_equilibrate: bool = ...,
        options: SolverOptions | None = None,
        **solver: Unpack[SolverSettings],
    ) -> Trajectory:
        """One run; `SolverError` where it does not come to its end."""

    def sweep(
        self,
        axes: Given = None,
        *,
        at: Any,
        readouts: Readouts = None,
        mode: str = "grid",
        contexts: Sequence[str | Sequence[str]] | None = None,
        drugs: Given = None,
        inputs: Given = None,
        dosing: Regimens = (),
        pre_equilibrate: bool = ...,
        uncertainty: bool | int = False,
        options: SolverOptions | None = None,
        progress: Callable[[int], None] | None = None,
        seed: int | None = None,
        **solver: Unpack[SolverSettings],
    ) -> SweepResult:
        """Many runs; one that failed is NaN, with its status, and leaves the others alone."""

    def steady_state(
        self,
        *,
        drugs: Given = None,
        inputs: Given = None,
        readouts: Readouts = None,
        options: SolverOptions | None = None,
        **solver: Unpack[SolverSettings],
    ) -> SteadyState:
        """Where the model comes to rest; `SolverError` where it does not settle."""
