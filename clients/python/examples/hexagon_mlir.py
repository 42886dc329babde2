"""Tunes hexagon-mlir's options for a PyTorch module on a device: `nightshift daemon &`, then `python hexagon_mlir.py`.

Needs hexagon-mlir (https://github.com/qualcomm/hexagon-mlir; options of commit 7a39f69), its SDK and a device. The second
run goes on where the first one ended; `nightshift ladder gelu` then says what each mechanism gains.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence, Tuple

import nightshift

ITERATIONS = 10

#: The compiler's options at 7a39f69, with the mechanism that each belongs to; the first value switches it off.
SPACE: Dict[str, Any] = {
    "parameters": [
        {"name": "enableVectorization", "values": [False, True], "tag": "vec", "off": False},
        {"name": "enableMultiThreading", "values": [False, True], "tag": "mt", "off": False},
        {"name": "enableSCFThreading", "values": [False, True], "tag": "mt", "off": False},
        {"name": "enableDoubleBuffering", "values": [False, True], "tag": "db", "off": False},
        {"name": "enableVTCMTiling", "values": [False, True]},
        {"name": "tileSizes", "values": ["", "2048", "8192", "32768", "131072"]},
        {"name": "enableConvertToHexagonmem", "values": [False, True]},
        {"name": "enableHexagonmemCopyToDMA", "values": [False, True]},
        {"name": "scratch", "values": [0, 1048576]},
        {"name": "enableSplitReduction", "values": [False, True]},
        {"name": "enableSCFLoopUnroll", "values": [False, True]},
        {"name": "enableHVXInlining", "values": [False, True]},
        {"name": "enableConversionToFp16", "values": [False, True]},
        {"name": "fusion", "values": [False, True]},
        {"name": "fusionAllowRecompute", "values": [False, True]},
        {"name": "fusionDoMultiUse", "values": [False, True]},
        {"name": "enableHexKL", "values": [False, True]},
        {"name": "hexKLMode", "values": ["micro", "macro"]},
        {"name": "enableConvTiling", "values": [False, True]},
        # Sizes for the convolution to tune: "" leaves them to the compiler.
        {"name": "convTileSizes", "values": [""]},
        {"name": "enableSplitReduceGeneric", "values": [False, True]},
        {"name": "enableThreadedDispatch", "values": [False, True]},
    ],
    "constraints": [
        # What the compiler asserts.
        "not enableSCFThreading or not (enableMultiThreading or enableVTCMTiling or scratch > 0)",
        "scratch % 2048 == 0",
        # What one option needs of another. Without it, it would change nothing, and be tried in vain.
        "not enableDoubleBuffering or ((enableVTCMTiling or scratch > 0) and enableHexagonmemCopyToDMA)",
        "not enableHexagonmemCopyToDMA or enableConvertToHexagonmem",
        "enableVTCMTiling or scratch > 0 or tileSizes == ''",
        "enableVectorization or not enableSplitReduction",
        "fusion or (not fusionAllowRecompute and fusionDoMultiUse)",
        "enableHexKL or hexKLMode == 'micro'",
        "enableConvTiling or convTileSizes == ''",
        "not (enableMultiThreading and enableThreadedDispatch)",
    ],
}

#: What the compiler does unasked.
DEFAULT: Dict[str, Any] = {
    **{parameter["name"]: parameter["values"][0] for parameter in SPACE["parameters"]},
    "enableVectorization": True,
    "enableVTCMTiling": True,
    "enableConvertToHexagonmem": True,
    "fusion": True,
    "fusionDoMultiUse": True,
}

#: What a proposed tree, at 227b330, has besides.
PROPOSED: Dict[str, Any] = {
    "parameters": [
        # Buffers that stage activations for the matrix unit: as many as fit, one, two, none.
        {"name": "enableHmxPipelineDepth", "values": [0, 1, 2, 3]},
        {"name": "enableWeightResident", "values": [False, True]},
        # Right for one instance of the program only: all share one buffer.
        {"name": "enableWorkspaceResident", "values": [False, True]},
        {"name": "enableVectorRowReduce", "values": [False, True]},
        {"name": "extendPackUpperFrontier", "values": [False, True]},
        {"name": "extendPackLowerFrontier", "values": [False, True]},
        {"name": "forceHVXCroutonization", "values": [False, True]},
    ],
    "constraints": [
        # The matrix unit's operands lie in VTCM that this conversion allocates.
        "enableConvertToHexagonmem or enableHmxPipelineDepth == 0",
        "enableConvertToHexagonmem or (enableWeightResident and not enableWorkspaceResident)",
        "forceHVXCroutonization or (extendPackUpperFrontier and extendPackLowerFrontier)",
    ],
}


def options_of(commit: str = "7a39f69") -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """The options to tune at a commit of hexagon-mlir, 7a39f69 or 227b330, and what it does unasked."""
    if commit == "7a39f69":
        return SPACE, DEFAULT
    if commit != "227b330":
        raise ValueError(f"the options of {commit} are not known here; 7a39f69 and 227b330 are")
    space = {key: SPACE[key] + PROPOSED[key] for key in SPACE}
    unasked = {parameter["name"]: parameter["values"][0] for parameter in PROPOSED["parameters"]}
    on = ("enableWeightResident", "extendPackUpperFrontier", "extendPackLowerFrontier")
    return space, {**DEFAULT, **unasked, **{name: True for name in on}}


def tune(
    launcher: Any,
    bytecode: str,
    inputs: Sequence[Any],
    name: str,
    *,
    usual_options: Dict[str, Any],
    is_right: Callable[[List[Any]], bool],
    device: str,
    trials: int = 60,
    commit: str = "7a39f69",
    **study: Any,
) -> nightshift.Study:
    """Measures a function of MLIR bytecode with `launcher`, a TorchMLIRHexagonLauncher.

    `commit` is the one that hexagon-mlir was built at: its options are tuned. `is_right` compares what the device computed with a reference: a wrong result cannot win.
    """
    space, default = options_of(commit)
    tuned = nightshift.Client().study(name, space, target=device, default=default, **study)
    for trial in tuned.trials(trials):
        with tempfile.TemporaryDirectory() as folder:
            options = {**usual_options, **trial.configuration}
            try:
                results = launcher.run_torch_mlir(
                    bytecode, inputs, name, base_dir_for_artifacts=folder, iterations=ITERATIONS, options=options
                )
            # The launcher ends the process where its compiler or the device fails.
            except (Exception, SystemExit) as error:
                trial.fail(f"{type(error).__name__}: {error}", reason="compile")
                continue
            if is_right(results):
                trial.tell(microseconds(folder))
            else:
                trial.fail("the results differ from the reference", reason="correctness")
    return tuned


def microseconds(folder: str) -> float:
    """The mean time of a call, which the launcher leaves among its files."""
    for report in Path(folder).rglob("*perf.txt"):
        text = report.read_text()
        found = re.search(r"Perf\s*:\s*([\d.]+)", text)
        if found:
            return float(found[1])
    raise FileNotFoundError(f"no perf.txt with a time in {folder}: the launcher of another version?")


def main() -> None:
    import torch
    import torch_mlir.fx
    from triton.backends.qcom_hexagon_backend.compiler import HexagonOptions
    from triton.backends.qcom_hexagon_backend.torch_mlir_hexagon_launcher import TorchMLIRHexagonLauncher

    model = torch.nn.GELU(approximate="tanh")
    inputs = [torch.rand(64 * 16384)]
    module = torch_mlir.fx.export_and_import(model, *inputs, output_type="linalg-on-tensors", func_name="gelu")
    bytecode = Path(tempfile.mkdtemp()) / "gelu.mlirbc"
    bytecode.write_bytes(module.operation.get_asm(binary=True))
    reference = model(*inputs)
    tuned = tune(
        TorchMLIRHexagonLauncher(),
        str(bytecode),
        inputs,
        "gelu",
        usual_options=dict(HexagonOptions().__dict__),
        is_right=lambda results: torch.allclose(results[0], reference, rtol=1e-4, atol=1e-3),
        device="my-phone",
        shape="1048576",
        dtype="f32",
    )
    print(f"{tuned.fastest_us} µs with {tuned.best}")


if __name__ == "__main__":
    main()
