"""Coefficients of the methods, as checked data.

Rosenbrock tableaus are in the form without matrix-vector products (Hairer & Wanner 1996, Solving
ODEs II, IV.7): with ``M = I / (h gamma) - J`` the stages are

    M u_i = f(y + sum_j a_ij u_j) + sum_j c_ij u_j / h,   y1 = y + sum_j a_sj u_j + u_s.

All of them are stiffly accurate: the last stage is both the correction and the error estimate.
They have no dense output here: a step from the start to the time of an output is as good as the
steps are, which the interpolants of these methods are not at loose tolerances.

The dense output of an explicit method is ``y(t + theta h) = y + theta (y1 - y) + sum_j d_j(theta)
u_j`` with polynomials ``d_j``, whose coefficients of theta, theta^2, ... are the rows of ``dense``.
"""

from __future__ import annotations

from dataclasses import dataclass

from mtorsim.errors import MtorsimError

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RosenbrockTableau:
    """A stiffly accurate Rosenbrock method.

    Parameters
    ----------
    name, source : what it is called and where the numbers are from
    order : order of the solution
    gamma : diagonal coefficient
    a, c : rows of the strictly lower triangular coefficients, one row a stage
    error_root : exponent e of the step controller ``h <- 0.9 h / error^e``, a sum of powers of 1/2
        so that it is made of square roots; close to 1 / order
    """

    name: str
    order: int
    gamma: float
    a: tuple[Row, ...]
    c: tuple[Row, ...]
    error_root: float
    source: str

    def __post_init__(self) -> None:
        for rows in (self.a, self.c):
            if [len(row) for row in rows] != list(range(self.n_stages)):
                raise MtorsimError(f"{self.name}: row i of a tableau has i entries")
        if self.a[-1] != (*self.a[-2], 1.0):
            raise MtorsimError(f"{self.name}: not stiffly accurate in the form the solver uses")

    @property
    def n_stages(self) -> int:
        """Number of stages, and of linear solves a step."""
        return len(self.a)


@dataclass(frozen=True, slots=True)
class ExplicitTableau:
    """An explicit Runge-Kutta pair: ``u_i = h f(y + sum_j a_ij u_j)``.

    Parameters
    ----------
    b, error : weights of the solution and of its error estimate
    dense : (stages, degree) coefficients of the dense output
    error_root : as in `RosenbrockTableau`
    """

    name: str
    order: int
    a: tuple[Row, ...]
    b: Row
    error: Row
    dense: tuple[Row, ...]
    error_root: float
    source: str

    def __post_init__(self) -> None:
        if [len(row) for row in self.a] != list(range(self.n_stages)):
            raise MtorsimError(f"{self.name}: row i of a tableau has i entries")
        if not len(self.b) == len(self.error) == len(self.dense) == self.n_stages:
            raise MtorsimError(f"{self.name}: weights need an entry a stage")
        if abs(sum(self.b) - 1) > 1e-12 or abs(sum(self.error)) > 1e-12:
            raise MtorsimError(f"{self.name}: weights sum to 1, those of the error to 0")

    @property
    def n_stages(self) -> int:
        """Number of stages, and of right-hand sides a step."""
        return len(self.a)


_RODAS4_LAST = (1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950)

RODAS4 = RosenbrockTableau(
    name="rodas4",
    order=4,
    gamma=0.25,
    a=(
        (),
        (1.544,),
        (0.9466785280815826, 0.2557011698983284),
        (3.314825187068521, 2.896124015972201, 0.9986419139977817),
        _RODAS4_LAST,
        (*_RODAS4_LAST, 1.0),
    ),
    c=(
        (),
        (-5.6688,),
        (-2.430093356833875, -0.2063599157091915),
        (-0.1073529058151375, -9.594562251023355, -20.47028614809616),
        (7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160),
        (
            8.083246795921522,
            -7.981132988064893,
            -31.52159432874371,
            16.31930543123136,
            -6.058818238834054,
        ),
    ),
    error_root=1 / 4,
    source="Hairer & Wanner 1996, Solving Ordinary Differential Equations II, RODAS",
)

_RODAS5P_LAST = (
    -7.502846399306121,
    2.561846144803919,
    -11.627539656261098,
    -0.18268767659942256,
    0.030198172008377946,
)

RODAS5P = RosenbrockTableau(
    name="rodas5p",
    order=5,
    gamma=0.21193756319429014,
    a=(
        (),
        (3.0,),
        (2.849394379747939, 0.45842242204463923),
        (-6.954028509809101, 2.489845061869568, -10.358996098473584),
        (2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641),
        _RODAS5P_LAST,
        (*_RODAS5P_LAST, 1.0),
        (*_RODAS5P_LAST, 1.0, 1.0),
    ),
    c=(
        (),
        (-14.155112264123755,),
        (-17.97296035885952, -2.859693295451294),
        (147.12150275711716, -1.41221402718213, 71.68940251302358),
        (165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306),
        (
            24.854864614690072,
            -3.0009227002832186,
            47.4931110020768,
            5.5814197821558125,
            -0.6610691825249471,
        ),
        (
            30.91273214028599,
            -3.1208243349937974,
            77.79954646070892,
            34.28646028294783,
            -19.097331116725623,
            -28.087943162872662,
        ),
        (
            37.80277123390563,
            -3.2571969029072276,
            112.26918849496327,
            66.9347231244047,
            -40.06618937091002,
            -54.66780262877968,
            -9.48861652309627,
        ),
    ),
    error_root=3 / 16,
    source="Steinebach 2023, BIT Numerical Mathematics 63:27, Rodas5P",
)

DOPRI5 = ExplicitTableau(
    name="dopri5",
    order=5,
    a=(
        (),
        (1 / 5,),
        (3 / 40, 9 / 40),
        (44 / 45, -56 / 15, 32 / 9),
        (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
        (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
        (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
    ),
    b=(35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0.0),
    error=(71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40),
    # theta^1 is carried by theta (y1 - y), hence the subtraction of b in the first column
    dense=tuple(
        (p1 - weight, p2, p3, p4)
        for weight, (p1, p2, p3, p4) in zip(
            (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0.0),
            (
                (
                    1.0,
                    -8048581381 / 2820520608,
                    8663915743 / 2820520608,
                    -12715105075 / 11282082432,
                ),
                (0.0, 0.0, 0.0, 0.0),
                (
                    0.0,
                    131558114200 / 32700410799,
                    -68118460800 / 10900136933,
                    87487479700 / 32700410799,
                ),
                (
                    0.0,
                    -1754552775 / 470086768,
                    14199869525 / 1410260304,
                    -10690763975 / 1880347072,
                ),
                (
                    0.0,
                    127303824393 / 49829197408,
                    -318862633887 / 49829197408,
                    701980252875 / 199316789632,
                ),
                (0.0, -282668133 / 205662961, 2019193451 / 616988883, -1453857185 / 822651844),
                (0.0, 40617522 / 29380423, -110615467 / 29380423, 69997945 / 29380423),
            ),
            strict=True,
        )
    ),
    error_root=3 / 16,
    source="Dormand & Prince 1980, J Comput Appl Math 6:19; dense output Shampine 1986",
)

ROSENBROCK_TABLEAUS = {tableau.name: tableau for tableau in (RODAS4, RODAS5P)}
EXPLICIT_TABLEAUS = {tableau.name: tableau for tableau in (DOPRI5,)}
