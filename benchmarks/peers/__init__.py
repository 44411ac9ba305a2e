"""One file a solver: how each is set up, by its own documentation, to solve a problem fastest."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from benchmarks.peers.base import Peer

OURS = "mtorsim"
PEER_NAMES = ("scipy", "libroadrunner", "numbalsoda", "sksundae", "amici")


def find_peers(names: list[str]) -> tuple[list[Peer], list[str]]:
    """mtorsim and the peers of these names that are installed, and the names of those that are not.

    Raises
    ------
    SystemExit : a name is not that of a peer
    """
    present: list[Peer] = []
    missing: list[str] = []
    for name in dict.fromkeys([OURS, *names]):
        if name not in (OURS, *PEER_NAMES):
            raise SystemExit(f"unknown peer {name!r}; known: {', '.join(PEER_NAMES)}")
        peer: Peer = import_module(f"benchmarks.peers.{name}").PEER
        if find_spec(peer.library) is None:
            missing.append(name)
        else:
            present.append(peer)
    return present, missing
