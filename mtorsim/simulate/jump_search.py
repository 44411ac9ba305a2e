"""Finds the first moment at which something that jumps has jumped, along a known path."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from heapq import merge

Numbers = list[float]
Path = Callable[[float], Numbers]

#: interior points at which every step is looked at for jumps that come and go within it
LOOKS_PER_STEP = 4


class JumpSearch:
    """Search along one path.

    Parameters
    ----------
    sides : f(t) -> on which side of each jump the path is
    gaps : f(t) -> a number per jump that passes 0 where it jumps, as far as there is one
    shortest : times closer than this are not told apart, besides by rounding
    """

    def __init__(
        self,
        sides: Callable[[float], Numbers],
        gaps: Callable[[float], Numbers],
        *,
        shortest: float,
    ) -> None:
        self.sides, self.gaps, self.shortest = sides, gaps, shortest

    def first(
        self, start: float, stop: float, *, present: Numbers, also: Iterable[float] = ()
    ) -> float | None:
        """First number in time after ``start`` at which the sides are not ``present``.

        Parameters
        ----------
        also : ascending times at which to look besides
        """
        left = start
        for right in looking_points(start, stop, also):
            if self.sides(right) != present:
                return self.bracket(left, right, present)
            left = right
        return None

    def bracket(self, left: float, right: float, present: Numbers) -> float:
        """The number in time at which the jump between two times shows first."""
        resolution = max(2.0**-52 * max(abs(left), abs(right)), self.shortest)
        gap_left, gap_right = self.gaps(left), self.gaps(right)
        use_secant = True
        while right - left > resolution:
            width, middle = right - left, left + 0.5 * (right - left)
            guess = secant(left, gap_left, right, gap_right) if use_secant else None
            probes = [middle] if guess is None else [guess, guess - resolution, guess + resolution]
            for t in probes:
                if left < t < right:
                    if self.sides(t) != present:
                        right, gap_right = t, self.gaps(t)
                    else:
                        left, gap_left = t, self.gaps(t)
            use_secant = right - left < 0.25 * width
            if right - left == width and middle in (left, right):
                break
        return right


def looking_points(start: float, stop: float, also: Iterable[float]) -> Iterator[float]:
    """Times at which a step is looked at: equal parts of it, the given ones in it, its end."""
    part = (stop - start) / LOOKS_PER_STEP
    parts = (start + part * i for i in range(1, LOOKS_PER_STEP))
    for t in merge(parts, also):
        if start < t < stop:
            yield t
        elif t >= stop:
            break
    yield stop


def secant(left: float, a: Numbers, right: float, b: Numbers) -> float | None:
    """Where straight lines say that the first of the gaps closes."""
    times = [
        left + (right - left) * (x / (x - y))
        for x, y in zip(a, b, strict=True)
        if (x < 0.0) != (y < 0.0) and math.isfinite(x - y) and x != y
    ]
    return min(times, default=None)
