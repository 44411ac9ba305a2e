from __future__ import annotations

import numpy as np
import pytest

from mtorsim.analysis.seed import check_seed
from mtorsim.errors import InputError


def test_whole_numbers_are_seeds() -> None:
    assert (check_seed(0), check_seed(np.int64(7))) == (0, 7)


@pytest.mark.parametrize("seed", [-1, 1.5, "1", None])
def test_anything_else_is_refused(seed: object) -> None:
    with pytest.raises(InputError, match="seed is"):
        check_seed(seed)
