"""Speed and accuracy of mtorsim beside other solvers; see README.md in this folder.

Importing this package holds the numerical libraries to one thread, which must be said before
numpy is loaded: every figure is per core unless it says otherwise.
"""

import os

for _variable in (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
):
    os.environ[_variable] = "1"
