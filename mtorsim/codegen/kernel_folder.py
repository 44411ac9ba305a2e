"""The folder that holds what was generated for one network.

    <cache>/kernels/<hash>/equations.py      rhs and Jacobian, readable
                           rodas4_double.py  one step attempt of a method, readable
                           *.o               machine code of the variants that were used

The hash covers structure, labels, the code that generates and the versions of what compiles; the
names of objects carry the processor. A change in any of these is another folder or file, so a
stale one can not be used.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import tempfile
import weakref
from functools import cache
from pathlib import Path
from types import ModuleType

from mtorsim._cache import cache_folder, source_hash, write_atomically
from mtorsim.codegen.mass_action import Labels
from mtorsim.codegen.native import compile_object, host_processor
from mtorsim.errors import MtorsimError
from mtorsim.network.structure import MassActionStructure

HEADER = '''"""{title}

Generated; a change here is overwritten. y is in nM, k in nM and s, in the order of the comments.
"""

from math import inf, sqrt

from mtorsim.codegen.scalar_functions import divide


'''


class KernelFolder:
    """Files of one network; a temporary folder where no cache can be kept."""

    #: what every generated Python module begins with
    header = HEADER

    def __init__(self, structure: MassActionStructure, labels: Labels) -> None:
        self.path = self._folder(kernel_hash(structure, labels))

    def _folder(self, name: str) -> Path:
        """The folder of this name; a temporary one lives as long as this object."""
        root = cache_folder()
        if root is None:
            path = Path(tempfile.mkdtemp(prefix="mtorsim-"))
            weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
        else:
            path = root / "kernels" / name
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    def write_python(self, name: str, title: str, text: str) -> Path:
        """Write a generated Python module if it is not there yet."""
        path = self.path / f"{name}.py"
        if not path.exists():
            write_atomically(path, (self.header.format(title=title) + text).encode())
        return path

    def import_python(self, name: str) -> ModuleType:
        """Import a generated module by its file."""
        import importlib.util

        specification = importlib.util.spec_from_file_location(
            f"mtorsim_kernel_{self.path.name}_{name}", self.path / f"{name}.py"
        )
        if specification is None or specification.loader is None:
            raise MtorsimError(f"{self.path / name}.py can not be imported")
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        return module

    def find_object(self, name: str) -> bytes | None:
        """Machine code of this name for this processor, if it was compiled before."""
        path = self.path / object_name(name)
        return path.read_bytes() if path.exists() else None

    def compile(self, name: str, llvm_text: str) -> bytes:
        """Compile, keep and return machine code."""
        content = compile_object(llvm_text)
        write_atomically(self.path / object_name(name), content)
        return content

    def write_text(self, name: str, text: str) -> None:
        """Keep a small text beside the code."""
        write_atomically(self.path / name, text.encode())

    def find_text(self, name: str) -> str | None:
        """A text kept before, if there is one."""
        path = self.path / name
        return path.read_text() if path.exists() else None


def object_name(name: str) -> str:
    """File name of an object: what it is, and for which processor."""
    processor = host_processor()
    digest = hashlib.sha256(repr(processor).encode()).hexdigest()[:12]
    return f"{name}.{processor.name}-{digest}.o"


@cache
def toolchain() -> str:
    """Everything besides the network that decides the code."""
    versions = [importlib.metadata.version(package) for package in ("llvmlite", "numpy")]
    return source_hash("codegen", "solvers", "symbolic", "network") + "".join(versions)


def kernel_hash(structure: MassActionStructure, labels: Labels) -> str:
    """Name of the folder of a network."""
    text = "\n".join([structure.fingerprint(), repr(labels), toolchain()])
    return "k_" + hashlib.sha256(text.encode()).hexdigest()[:24]
