"""The control block: what the generated step and the driver tell each other about every lane.

Each slot holds one number per lane. The step reads and writes times, step sizes and counts; the
driver sets them when it gives a lane a new trajectory.
"""

from __future__ import annotations

#: time now (s), size of the next step (s), end of the segment (s), next output time (s)
TIME, STEP, SEGMENT_END, NEXT_OUTPUT = 0, 1, 2, 3
#: largest growth of the next step, and whether the last attempt was accepted (1) and is not yet
#: added to the state
GROWTH, PENDING = 4, 5
#: size and start of the last attempt (s)
USED_STEP, STEP_START = 6, 7
#: accepted steps, attempts, and rejections in a row
ACCEPTED, ATTEMPTS, REJECTED_IN_ROW = 8, 9, 10
#: scaled error of the last attempt; attempts allowed; tolerances
ERROR, MAX_ATTEMPTS, RTOL, ATOL = 11, 12, 13, 14
#: size of the first step of every segment (s)
FIRST_STEP = 15
#: right-hand sides evaluated, where that is not the same for every attempt
EVALUATIONS = 16
#: the attempt before the last, if it was accepted: its size (else 0), and its error to the power by
#: which steps follow errors
EARLIER_STEP, EARLIER_ROOT = 17, 18
#: the last correction of the state counts as at least this part of the one before
SHARE = 19
#: number of slots
SIZE = 20

#: ``SHARE`` at the tolerance where it was measured and looser, and how it falls with the tolerance:
#: corrections of a smooth solution shrink with the step, and the step as rtol^(1/5)
LARGEST_SHARE, SHARE_RTOL, SHARE_POWER = 0.15, 1e-4, 0.2

#: growth of a step: at most, at least, after a failed error test not at all
MAX_GROWTH, MIN_GROWTH = 6.0, 0.2
#: bounds of what the trend of the last two steps adds to the growth of the next
LEAST_TREND, MOST_TREND = 0.8, 1.2
#: a step is this much smaller than the error estimate would allow
SAFETY = 0.9
#: a lane whose step was refused this often in a row is given up
MAX_REJECTED_IN_ROW = 30.0
#: a component of the new state beyond this is not finite for any purpose (nM)
LARGEST_STATE = {"double": 1e300, "single": 1e37}


def share_of_earlier(rtol: float) -> float:
    """How much of the correction before the last counts as error.

    Where a problem is stiffest the last correction comes out small by chance. This share brings the
    worst error of a sweep of the shipped models from twenty times its median to three.
    """
    return float(LARGEST_SHARE * min(1.0, rtol / SHARE_RTOL) ** SHARE_POWER)
