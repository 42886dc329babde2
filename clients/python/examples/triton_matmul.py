"""Tunes a Triton matrix product on this GPU: `nightshift daemon &`, then `python triton_matmul.py 1024`.

The second run finds the configuration in the store and measures nothing.
"""

import sys
import time

import torch
import triton
import triton.language as tl

import nightshift


@nightshift.autotune(
    space={
        "BLOCK_M": [16, 32, 64, 128, 256],
        "BLOCK_N": [16, 32, 64, 128, 256],
        "BLOCK_K": [16, 32, 64, 128],
        "num_warps": [2, 4, 8],
        "num_stages": [2, 3, 4, 5],
    },
    key=["m", "n", "k"],
    # What the tiles of all stages take of shared memory, in bytes of 16-bit numbers.
    restrict=["BLOCK_M * BLOCK_N <= 32768", "num_stages * (BLOCK_M + BLOCK_N) * BLOCK_K * 2 <= 200000"],
    default={"BLOCK_M": 64, "BLOCK_N": 64, "BLOCK_K": 32, "num_warps": 4, "num_stages": 3},
)
@triton.jit
def matmul(
    a, b, c, m, n, k, BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr
):
    rows = tl.program_id(0) * BLOCK_M + tl.arange(0, BLOCK_M)
    columns = tl.program_id(1) * BLOCK_N + tl.arange(0, BLOCK_N)
    depth = tl.arange(0, BLOCK_K)
    total = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    for start in range(0, k, BLOCK_K):
        inside = start + depth
        left = tl.load(a + rows[:, None] * k + inside[None, :], (rows[:, None] < m) & (inside[None, :] < k), 0.0)
        right = tl.load(b + inside[:, None] * n + columns[None, :], (inside[:, None] < k) & (columns[None, :] < n), 0.0)
        total = tl.dot(left, right, total)
    tl.store(c + rows[:, None] * n + columns[None, :], total.to(tl.float16), (rows[:, None] < m) & (columns[None, :] < n))


def multiply(a, b):
    (m, k), (_, n) = a.shape, b.shape
    c = torch.empty((m, n), device=a.device, dtype=a.dtype)
    matmul[lambda meta: (triton.cdiv(m, meta["BLOCK_M"]), triton.cdiv(n, meta["BLOCK_N"]))](a, b, c, m, n, k)
    return c


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    a, b = (torch.randn((size, size), device="cuda", dtype=torch.float16) for _ in range(2))
    began = time.perf_counter()
    torch.testing.assert_close(multiply(a, b), a @ b, atol=0.1, rtol=0.01)
    print(f"{matmul.best_config} after {time.perf_counter() - began:.1f} s")
    print(f"{triton.testing.do_bench(lambda: multiply(a, b)) * 1000:.1f} µs")
