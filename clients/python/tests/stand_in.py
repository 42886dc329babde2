"""A stand-in for a Triton kernel and a tensor: the same interface, and a time that follows from the configuration."""

from __future__ import annotations

from typing import Any, List


class Tensor:
    def __init__(self, values: List[float], dtype: str = "float32") -> None:
        self.values = values
        self.dtype = dtype

    def clone(self) -> Tensor:
        return Tensor(list(self.values), self.dtype)

    def zero_(self) -> None:
        self.values[:] = [0.0] * len(self.values)

    def copy_(self, other: Tensor) -> None:
        self.values[:] = other.values


class OutOfResources(Exception):
    pass


class Kernel:
    """Adds one to each element of `out`; the fastest block is `fastest`, and 1024 does not fit."""

    arg_names = ["out", "n", "BLOCK"]

    def __init__(self, name: str, fastest: int = 64, source: str = "add one") -> None:
        self.__name__ = name
        self.src = source
        self.fastest = fastest
        self.runs: List[dict] = []
        self.grids: List[Any] = []

    def run(self, out: Tensor, n: int, *, grid: Any, warmup: bool, BLOCK: int, num_warps: int = 4) -> None:
        if BLOCK == 1024:
            raise OutOfResources("shared memory")
        self.runs.append({"BLOCK": BLOCK, "num_warps": num_warps})
        self.grids.append(grid)
        out.values[:] = [value + 1 for value in out.values]

    def milliseconds(self) -> float:
        """Of the latest run."""
        latest = self.runs[-1]
        return 0.01 * (1 + abs(latest["BLOCK"] - self.fastest) / 16 + abs(latest["num_warps"] - 8) / 8)

    def bench(self, call, quantiles):
        """In place of triton.testing.do_bench."""
        call()
        return [self.milliseconds() for _ in quantiles]
