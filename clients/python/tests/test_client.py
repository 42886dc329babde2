"""Needs a daemon at $NIGHTSHIFT_URL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from stand_in import Kernel, Tensor

from nightshift import Client, Lock, NightshiftError, Trial, autotune

SPACE = {"BLOCK": [16, 32, 64, 128, 1024], "num_warps": [2, 4, 8]}
RESTRICT = ["BLOCK * num_warps >= 64"]


def tuned(kernel: Kernel, **options):
    usual = {"key": ["n"], "restrict": RESTRICT, "trials": 40, "do_bench": kernel.bench, "device": "board"}
    return autotune(SPACE, **{**usual, **options})(kernel)


class Studies(unittest.TestCase):
    def test_a_harness_is_a_loop(self):
        study = Client().study("conv", {"tile": [1, 2, 3, 4, 5]}, target="board")
        for trial in study.trials(5):
            trial.tell(10.0 + abs(trial.configuration["tile"] - 3))
        self.assertEqual((study.best, study.fastest_us, study.settled), ({"tile": 3}, 10.0, 5))
        self.assertIsNone(study.compared_us)
        self.assertTrue(study.wait(5, timeout=0))
        again = Client().study("conv", {"tile": [1, 2, 3, 4, 5]}, target="board")
        self.assertEqual((again.id, again.settled), (study.id, 5))
        self.assertEqual(list(again.trials(99)), [])

    def test_samples_and_failures_are_told(self):
        study = Client().study("pool", {"tile": [1, 2]}, target="board", default={"tile": 2})
        first, second = study.ask(2)
        self.assertEqual(first.configuration, {"tile": 2})
        first.tell([3.0, 1.0, 2.0])
        second.fail("no room", "constraints")
        self.assertEqual((study.refresh().best, study.fastest_us, study.settled), ({"tile": 2}, 2.0, 2))

    def test_best_answers_what_was_told(self):
        Client().study("fresh", {"tile": [1]}, target="board", shape="64").ask()[0].tell(5.0)
        self.assertEqual(Client().best("fresh", target="board", shape="64")["configuration"], {"tile": 1})
        with self.assertRaisesRegex(NightshiftError, "not been measured on another .there are results for 64 on board"):
            Client().best("fresh", target="another", shape="64")

    def test_what_the_daemon_refuses_says_why(self):
        with self.assertRaises(NightshiftError) as refused:
            Client().study("conv", {"tile": []}, target="board")
        self.assertEqual(refused.exception.status, 400)
        self.assertIn("tile", str(refused.exception))

    def test_numbers_of_other_libraries_are_numbers(self):
        study = Client().study("numbers", {"tile": [Fraction(1), Fraction(2)]}, target="board")
        first, second = study.ask(2)
        first.tell(Fraction(5, 2))
        second.tell([Fraction(3), 3])
        self.assertEqual((study.refresh().best, study.fastest_us), ({"tile": 1}, 2.5))

    def test_what_is_no_json_is_not_sent(self):
        study = Client().study("no-json", {"tile": [1]}, target="board")
        for time_us in [float("nan"), [float("inf")], [object()]]:
            with self.assertRaisesRegex(NightshiftError, "cannot be sent"):
                study.ask()
                Trial(study, {"tile": 1}).tell(time_us)
        self.assertEqual(study.refresh().settled, 0)

    def test_a_space_has_its_configurations_only(self):
        study = Client().study("has", {"tile": [1, 2], "warps": [1, 2]}, target="board", restrict=["tile <= warps"])
        asked = [{"tile": 1, "warps": 2}, {"tile": 2, "warps": 1}, {"tile": 3, "warps": 4}, {"tile": 1}]
        self.assertEqual([study.has(one) for one in asked], [True, False, False, False])

    def test_no_daemon_and_no_address(self):
        with self.assertRaisesRegex(NightshiftError, "nightshift daemon"):
            Client("http://127.0.0.1:1").best("conv", target="board")
        for url in ["localhost:7070/", "file:///etc/passwd", "http://host:99999999", "http://[::1", "http://"]:
            with self.assertRaisesRegex(NightshiftError, "no address"):
                Client(url)

    def test_errors_show_no_secrets(self):
        urls = [("http://me:SECRET@host",), ("foo://me:SECRET@host",)]
        for words in [*urls, ("http://h", "SECRET\n"), ("http://h", "SECRET€")]:
            with self.assertRaises(NightshiftError) as refused:
                Client(*words)
            self.assertNotIn("SECRET", str(refused.exception))


class AnotherServer(BaseHTTPRequestHandler):
    """Answers whatever `text` says."""

    text = ""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, *_):
        pass


class AnotherAnswer(unittest.TestCase):
    def setUp(self):
        server = HTTPServer(("127.0.0.1", 0), AnotherServer)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.client = Client(f"http://127.0.0.1:{server.server_port}")

    def test_is_one_error(self):
        timed = '"fastestUs": 1, "comparedUs": null, "best": {"configuration": 5}'
        vague = '"fastestUs": "x", "comparedUs": null, "best": {}'
        strange = ["[]", "null", "1", '"x"', "{}", '{"id": "a"}', '{"id": "a", "trials": "x", "best": {}}']
        for times in (timed, vague):
            strange.append('{"id": "a", "trials": 1, ' + times + "}")
        for text in [*strange, "[" * 100000, "<html>"]:
            AnotherServer.text = text
            with self.assertRaisesRegex(NightshiftError, "nightshift daemon"):
                self.client.study("conv", {"tile": [1]}, target="board")
        AnotherServer.text = '{"id": "../../plans", "trials": 0, "fastestUs": null, "comparedUs": null, "best": {}}'
        study = self.client.study("conv", {"tile": [1]}, target="board")
        self.assertEqual(study._path, "/v1/studies/..%2F..%2Fplans")
        for trials in ["null", "[1]", "[{}]", '[{"configuration": 5}]']:
            AnotherServer.text = '{"trials": ' + trials + "}"
            with self.assertRaisesRegex(NightshiftError, "nightshift daemon"):
                study.ask()


class HexagonLauncher:
    """A stand-in for hexagon-mlir's launcher: a time that follows from the options, and its rules as assertions."""

    def __init__(self):
        self.runs = []

    def run_torch_mlir(self, bytecode, inputs, name, *, base_dir_for_artifacts, iterations, options):
        self.runs.append(options)
        assert all(type(value) in (bool, int, str) for value in options.values())
        if options["enableSCFThreading"]:
            assert not (options["enableMultiThreading"] or options["enableVTCMTiling"] or options["scratch"])
            raise SystemExit(1)
        assert options["scratch"] % 2048 == 0
        if options["enableDoubleBuffering"]:
            assert options["enableVTCMTiling"] or options["scratch"]
            assert options["enableHexagonmemCopyToDMA"]
        if options.get("enableHmxPipelineDepth", 0) > 0:
            assert options["enableConvertToHexagonmem"]
        time_us = 1000 if options["enableVectorization"] else 20000
        time_us //= 4 if options["enableMultiThreading"] else 1
        time_us //= 2 if options["enableDoubleBuffering"] else 1
        folder = Path(base_dir_for_artifacts) / "gelu-now"
        folder.mkdir()
        (folder / "lib_mlir_ciface_gelu_perf.txt").write_text(
            f"Test_Info: {{\n\tName:gelu\n\tResult:Pass\n\tPerf:{time_us}\n\tUnits:us\n}}\n"
        )
        return ["wrong" if options["enableHVXInlining"] else "right"]


class HexagonMlir(unittest.TestCase):
    def test_the_example_tunes_through_the_launcher(self):
        sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))
        import hexagon_mlir

        launcher = HexagonLauncher()

        def tune(trials, name="gelu", **of):
            return hexagon_mlir.tune(
                launcher,
                "gelu.mlirbc",
                [],
                name,
                usual_options={"enableLWP": False},
                is_right=lambda results: results == ["right"],
                device="phone",
                trials=trials,
                **of,
            ).refresh()

        tuned = tune(40)
        self.assertEqual(tuned.settled, 40)
        self.assertTrue(tuned.best["enableMultiThreading"] and tuned.best["enableDoubleBuffering"])
        self.assertEqual((tuned.fastest_us, tuned.best["enableHVXInlining"]), (125, False))
        self.assertEqual(len(launcher.runs), 40)
        self.assertEqual({**launcher.runs[0], **hexagon_mlir.DEFAULT}, launcher.runs[0])
        tune(40)
        self.assertEqual(len(launcher.runs), 40)
        self.assertNotIn("enableHmxPipelineDepth", launcher.runs[0])
        proposed = tune(20, name="gelu-proposed", commit="227b330")
        self.assertEqual(proposed.settled, 20)
        default = hexagon_mlir.options_of("227b330")[1]
        self.assertEqual({**launcher.runs[40], **default}, launcher.runs[40])
        self.assertTrue(default["enableWeightResident"] and not default["enableWorkspaceResident"])
        with self.assertRaisesRegex(ValueError, "7a39f69 and 227b330"):
            hexagon_mlir.options_of("main")


class Autotune(unittest.TestCase):
    def test_finds_the_fastest_and_keeps_it(self):
        kernel = Kernel("found")
        tuned(kernel)["grid"](Tensor([0.0]), 256)
        self.assertEqual(kernel.runs[-1], {"BLOCK": 64, "num_warps": 8})
        self.assertEqual(kernel.grids[-1], "grid")
        runs = len(kernel.runs)
        other = Kernel("found")
        tuned(other)["grid"](Tensor([0.0]), 256)
        self.assertEqual(other.runs, [{"BLOCK": 64, "num_warps": 8}])
        self.assertGreater(runs, 10)

    def test_another_source_key_dtype_or_device_is_measured_anew(self):
        tuned(Kernel("apart"))["grid"](Tensor([0.0]), 256)
        for kernel, tensor, n, device in [
            (Kernel("apart", source="add two"), Tensor([0.0]), 256, "board"),
            (Kernel("apart"), Tensor([0.0]), 512, "board"),
            (Kernel("apart"), Tensor([0.0], "float16"), 256, "board"),
            (Kernel("apart"), Tensor([0.0]), 256, "another"),
        ]:
            tuned(kernel, device=device)["grid"](tensor, n)
            self.assertGreater(len(kernel.runs), 10)

    def test_the_call_that_counts_sees_nothing_of_the_measured_ones(self):
        zeroed, restored = Tensor([5.0]), Tensor([5.0])
        tuned(Kernel("zeroed"), reset_to_zero=["out"])["grid"](zeroed, 256)
        tuned(Kernel("restored"), restore_value=["out"])["grid"](restored, 256)
        self.assertEqual((zeroed.values, restored.values), ([1.0], [6.0]))

    def test_hooks_are_called_around_each_measured_call(self):
        seen = []
        tuned(
            Kernel("hooked"),
            pre_hook=lambda arguments: seen.append(arguments["n"]),
            post_hook=lambda arguments, exception: seen.append(type(exception).__name__),
        )["grid"](Tensor([0.0]), 256)
        self.assertEqual(seen[0], 256)
        self.assertIn("OutOfResources", seen)
        self.assertIn("NoneType", seen)

    def test_measures_one_trial_a_call_beginning_at_the_nearest(self):
        tuned(Kernel("near"))["grid"](Tensor([0.0]), 256)
        kernel = Kernel("near")
        near = tuned(kernel, unknown="nearest")
        near["grid"](Tensor([0.0]), 300)
        self.assertEqual(kernel.runs, [{"BLOCK": 64, "num_warps": 8}] * 2)
        for _ in range(40):
            near["grid"](Tensor([0.0]), 300)
        self.assertEqual(kernel.runs[-1], {"BLOCK": 64, "num_warps": 8})

    def test_of_several_shapes_the_nearest_answers(self):
        for n, fastest in [(256, 64), (4096, 16)]:
            tuned(Kernel("several", fastest))["grid"](Tensor([0.0]), n)
        for n, block in [(300, 64), (5000, 16), (1, 64)]:
            kernel = Kernel("several")
            tuned(kernel, unknown="nearest")["grid"](Tensor([0.0]), n)
            self.assertEqual(kernel.runs, [{"BLOCK": block, "num_warps": 8}] * 2)

    def test_the_nearest_is_not_used_where_it_is_not_possible(self):
        tuned(Kernel("moved"))["grid"](Tensor([0.0]), 256)
        for n, options in [(300, {"restrict": ["BLOCK < 64"]}), (301, {"default": {"BLOCK": 32, "num_warps": 8}})]:
            kernel = Kernel("moved")
            autotune(
                {"BLOCK": [16, 32], "num_warps": [8]} if "default" in options else SPACE,
                key=["n"], unknown="nearest", do_bench=kernel.bench, device="board", **options,
            )(kernel)["grid"](Tensor([0.0]), n)
            self.assertLess(kernel.runs[-1]["BLOCK"], 64)

    def test_a_call_that_needs_it_measures_until_one_works(self):
        kernel = Kernel("one-works")
        default = {"BLOCK": 1024, "num_warps": 2}
        tuned(kernel, unknown="nearest", default=default)["grid"](Tensor([0.0]), 300)
        self.assertNotEqual(kernel.runs[-1]["BLOCK"], 1024)
        self.assertEqual(len(kernel.runs), 2)

    def test_the_order_of_words_in_a_call_does_not_matter(self):
        kernel = Kernel("ordered")
        kernel.arg_names = ["x", "y", "n", "BLOCK"]
        tuner = tuned(kernel)
        half = Tensor([], "float16")
        one, other = {"x": Tensor([]), "y": half, "n": 1}, {"n": 1, "y": half, "x": Tensor([])}
        self.assertEqual(tuner._key_of(one), tuner._key_of(other))

    def test_the_first_key_of_all_begins_at_the_default(self):
        kernel = Kernel("first")
        default = {"BLOCK": 32, "num_warps": 2}
        tuned(kernel, unknown="nearest", default=default)["grid"](Tensor([0.0]), 300)
        self.assertEqual(kernel.runs[-1], default)

    def test_an_error_that_is_no_result_is_raised(self):
        kernel = Kernel("broken")

        def bench(call, quantiles):
            raise RuntimeError("the device is gone")

        with self.assertRaisesRegex(RuntimeError, "the device is gone"):
            tuned(kernel, do_bench=bench)["grid"](Tensor([0.0]), 256)

    def test_bad_words_are_refused_at_once(self):
        for words in [{"unknown": "guess"}, {"busy": "never"}, {"trials": 0}, {"key": ["m"]}]:
            with self.assertRaises(ValueError):
                tuned(Kernel("refused"), **words)


PROCESS = """
import sys, time
sys.path.insert(0, {tests!r})
from stand_in import Kernel, Tensor
from nightshift import autotune
kernel = Kernel("shared")
def bench(call, quantiles):
    time.sleep(0.01)
    return kernel.bench(call, quantiles)
tuned = autotune({space!r}, key=["n"], trials=10, do_bench=bench, device="board", busy={busy!r})(kernel)
tuned["grid"](Tensor([0.0]), {n})
print(len(kernel.runs))
"""


class Processes(unittest.TestCase):
    def runs_of(self, busy: str, n: int):
        code = PROCESS.format(tests=str(Path(__file__).parent), space=SPACE, busy=busy, n=n)
        children = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
        return sorted(int(child.communicate()[0]) for child in children)

    def test_tune_a_key_once(self):
        *others, measured = self.runs_of("wait", 64)
        self.assertEqual(others, [1, 1])
        self.assertGreater(measured, 5)

    def test_do_not_wait_if_they_need_not(self):
        *others, measured = self.runs_of("default", 128)
        self.assertEqual(others, [1, 1])
        self.assertGreater(measured, 5)


class LockFile(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "nightshift.lock.json")
        url = os.environ.pop("NIGHTSHIFT_URL")
        self.addCleanup(os.environ.__setitem__, "NIGHTSHIFT_URL", url)
        os.environ["NIGHTSHIFT_LOCK"] = self.path
        self.addCleanup(os.environ.pop, "NIGHTSHIFT_LOCK")

    def write(self, name: str, shape: str, block: int) -> None:
        entry = {"device": "board", "kernel": name, "dtype": "float32", "shape": shape}
        entry["configuration"] = {"BLOCK": block, "num_warps": 4}
        Path(self.path).write_text(json.dumps({"entries": [entry]}))

    def test_answers_without_a_daemon_and_measures_nothing(self):
        for shape, block, n in [("256", 32, 256), ("*", 128, 999)]:
            kernel = Kernel("locked")
            tuner = tuned(kernel)
            self.write(tuner._name, shape, block)
            tuner["grid"](Tensor([0.0]), n)
            self.assertEqual(kernel.runs, [{"BLOCK": block, "num_warps": 4}])

    def test_has_the_default_for_what_it_does_not_have(self):
        self.write("another", "256", 32)
        kernel = Kernel("locked")
        tuned(kernel, default={"BLOCK": 128, "num_warps": 2})["grid"](Tensor([0.0]), 256)
        self.assertEqual(kernel.runs, [{"BLOCK": 128, "num_warps": 2}])

    def test_that_is_none_is_refused(self):
        entry = '{"device": "d", "kernel": "k", "dtype": "f", "shape": "*"'
        strange = ['{"entries": [' + entry + end for end in ("}]}", ', "configuration": 5}]}')]
        for text in ["[]", "[" * 100000, *strange]:
            Path(self.path).write_text(text)
            with self.assertRaisesRegex(NightshiftError, "no lock file"):
                Lock(self.path)
        with self.assertRaisesRegex(NightshiftError, "cannot be read"):
            Lock(self.path + "x")


if __name__ == "__main__":
    unittest.main()
