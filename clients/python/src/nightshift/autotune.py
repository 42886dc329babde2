"""`autotune`: as `triton.autotune` is used, with a store that keeps what was measured.

A kernel is whatever has `arg_names`, `run(*args, grid=, warmup=, **kwargs)` and a name, as a Triton JITFunction has.
"""

from __future__ import annotations

import hashlib
import inspect
import math
import os
import platform
import time
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .client import Client, Configuration, NightshiftError, Space, Study, Trial, Value, space_file
from .lock import Lock

#: Exceptions of Triton that say that a configuration cannot be used; any other ends the tuning.
UNUSABLE = {"OutOfResources": "constraints", "CompileTimeAssertionFailure": "compile", "PTXASError": "compile"}

Hook = Callable[..., Any]


def autotune(
    space: Space,
    key: Sequence[str] = (),
    restrict: Sequence[str] = (),
    *,
    default: Optional[Mapping[str, Value]] = None,
    trials: int = 80,
    unknown: str = "tune",
    busy: str = "wait",
    reset_to_zero: Sequence[str] = (),
    restore_value: Sequence[str] = (),
    pre_hook: Optional[Hook] = None,
    post_hook: Optional[Hook] = None,
    do_bench: Optional[Callable[..., Any]] = None,
    device: Optional[str] = None,
    client: Optional[Client] = None,
) -> Callable[[Any], Autotuner]:
    """Decorates a Triton kernel whose configuration nightshift chooses.

    `space` has the values of each parameter: `tl.constexpr` arguments, and options of the launch such as `num_warps`.
    `restrict` are constraints on them (docs/spaces.md). Results are kept by device, compiler version, source of the
    kernel, `key` and the arguments' dtypes: what has `trials` results costs no trial, in any process.

    `unknown` says what a call with a new key does: `"tune"` measures all trials now; `"nearest"` measures one trial a
    call and uses the best so far; the first trial is the best of the nearest shape, else the default.
    `default` is used where there is no result; if absent, the first value of each parameter is, which `restrict`
    should permit.
    `busy` says what it does while another process tunes the same: `"wait"`, or use the `"default"`.
    `device` replaces the name of this device, which has the compiler's version in it.
    `reset_to_zero`, `restore_value`, `pre_hook`, `post_hook` and `do_bench` are as in `triton.autotune`.
    With $NIGHTSHIFT_LOCK the file's configurations are used, nothing is measured, and no daemon is needed.
    """
    if unknown not in ("tune", "nearest"):
        raise ValueError(f"unknown={unknown!r}: one of 'tune', 'nearest'")
    if busy not in ("wait", "default"):
        raise ValueError(f"busy={busy!r}: one of 'wait', 'default'")
    if trials < 1:
        raise ValueError(f"trials={trials}: at least 1")
    hooks = Hooks(tuple(reset_to_zero), tuple(restore_value), pre_hook, post_hook)

    def decorate(kernel: Any) -> Autotuner:
        return Autotuner(
            kernel, space, tuple(key), tuple(restrict), default, trials, unknown, busy, hooks, do_bench, device, client
        )

    return decorate


class Hooks:
    """What happens around each measured call, so that a call does not see what another has written."""

    def __init__(
        self, zeroed: Sequence[str], restored: Sequence[str], before: Optional[Hook], after: Optional[Hook]
    ) -> None:
        self._zeroed = zeroed
        self._restored = restored
        self._before = before
        self._after = after

    def call(self, arguments: Mapping[str, Any], call: Callable[[], Any]) -> None:
        saved = {name: arguments[name].clone() for name in self._restored}
        for name in self._zeroed:
            arguments[name].zero_()
        if self._before is not None:
            self._before(arguments)
        raised: Optional[BaseException] = None
        try:
            call()
        except BaseException as error:
            raised = error
            raise
        finally:
            if self._after is not None:
                self._after(arguments, exception=raised)
            for name, value in saved.items():
                arguments[name].copy_(value)

    def end(self, arguments: Mapping[str, Any]) -> None:
        """The call that counts must find zeros, too."""
        for name in self._zeroed:
            arguments[name].zero_()


class Autotuner:
    """A kernel with a configuration for each key. Called as the kernel is: `tuned[grid](*args, **kwargs)`."""

    def __init__(
        self,
        kernel: Any,
        space: Space,
        key: Sequence[str],
        restrict: Sequence[str],
        default: Optional[Mapping[str, Value]],
        trials: int,
        unknown: str,
        busy: str,
        hooks: Hooks,
        do_bench: Optional[Callable[..., Any]],
        device: Optional[str],
        client: Optional[Client],
    ) -> None:
        self.fn = kernel
        self.arg_names: List[str] = list(kernel.arg_names)
        self.space = space_file(space, restrict)
        missing = [name for name in key if name not in self.arg_names]
        if missing:
            raise ValueError(f"key={missing[0]!r}: no argument of the kernel; it has {', '.join(self.arg_names)}")
        self.key = key
        self._default = None if default is None else dict(default)
        self._trials = trials
        self._unknown = unknown
        self._busy = busy
        self._hooks = hooks
        self._do_bench = do_bench
        self._device = device
        self._client = client
        self._name = kernel_name(kernel)
        #: The configurations that are final, by key and dtypes.
        self.cache: Dict[Tuple[Any, ...], Configuration] = {}
        self.best_config: Optional[Configuration] = None

    def __getitem__(self, grid: Any) -> Callable[..., Any]:
        return lambda *args, **kwargs: self.run(*args, grid=grid, warmup=False, **kwargs)

    def run(self, *args: Any, grid: Any, warmup: bool = False, **kwargs: Any) -> Any:
        """Runs the kernel with the configuration for these arguments, which may be measured first."""
        arguments = {**dict(zip(self.arg_names, args)), **kwargs}
        known = self._key_of(arguments)
        configuration = self.cache.get(known)
        if configuration is None:

            def call(trial: Configuration) -> Any:
                return self.fn.run(*args, grid=grid, warmup=False, **{**kwargs, **trial})

            configuration = self._configuration(known, arguments, call)
        self.best_config = configuration
        return self.fn.run(*args, grid=grid, warmup=warmup, **{**kwargs, **configuration})

    def _key_of(self, arguments: Mapping[str, Any]) -> Tuple[Any, ...]:
        values = tuple(arguments[name] for name in self.key if name in arguments)
        typed = [arguments[name] for name in self.arg_names if hasattr(arguments.get(name), "dtype")]
        dtypes = tuple(str(value.dtype) for value in typed)
        return (*values, dtypes)

    def _configuration(
        self, known: Tuple[Any, ...], arguments: Mapping[str, Any], call: Callable[[Configuration], Any]
    ) -> Configuration:
        kernel, shape, dtype = self._identity(known)
        device = self._device or device_name()
        lock = Lock.of_environment()
        if lock is not None:
            found = lock.find(device, kernel, dtype, shape) or self._first()
            self.cache[known] = found
            return found
        if self._client is None:
            self._client = Client()
        study = self._client.study(
            kernel, self.space, shape=shape, dtype=dtype, target=device, default=self._default
        )
        if study.settled < self._trials:
            with alone(study.id, waits=self._busy == "wait") as is_alone:
                if not is_alone:
                    return study.best or self._near(study, known) or self._first()
                return self._measured(study, known, arguments, call)
        return self._settle(study, known)

    def _measured(
        self,
        study: Study,
        known: Tuple[Any, ...],
        arguments: Mapping[str, Any],
        call: Callable[[Configuration], Any],
    ) -> Configuration:
        is_over = True
        for trial in self._proposed(study, known):
            is_over = False
            try:
                trial.tell(self._time_us(arguments, lambda: call(trial.configuration)))
            except Exception as error:
                reason = UNUSABLE.get(type(error).__name__)
                trial.fail(f"{type(error).__name__}: {error}", reason or "disturbed")
                if reason is None:
                    raise
        self._hooks.end(arguments)
        best = study.refresh().best
        if is_over or best is None or study.settled >= self._trials:
            return self._settle(study, known)
        return best

    def _proposed(self, study: Study, known: Tuple[Any, ...]) -> Iterator[Trial]:
        """All trials, or one that works: of a new key what answers it, so that only what is faster replaces that."""
        # Another process may have measured while this one waited.
        if self._unknown == "tune" or study.refresh().settled >= self._trials:
            yield from study.trials(self._trials)
            return
        near = self._near(study, known) if study.settled == 0 else None
        first = [] if near is None else [Trial(study, near)]
        for trial in chain(first, study.trials(self._trials)):
            yield trial
            if study.refresh().best is not None:
                return

    def _settle(self, study: Study, known: Tuple[Any, ...]) -> Configuration:
        best = study.best
        if best is None:
            raise NightshiftError(f"no configuration of {self._name} worked: nightshift trials --study {study.id}")
        self.cache[known] = best
        return best

    def _near(self, study: Study, known: Tuple[Any, ...]) -> Optional[Configuration]:
        """The best of the nearest shape, if the space has it."""
        kernel, shape, dtype = self._identity(known)
        if shape is None:
            return None
        near = study.client.nearest(kernel, target=self._device or device_name(), shape=shape, dtype=dtype)
        return near if near is not None and study.has(near) else None

    def _first(self) -> Configuration:
        if self._default is not None:
            return self._default
        return {one["name"]: one["values"][0] for one in self.space["parameters"]}

    def _identity(self, known: Tuple[Any, ...]) -> Tuple[str, Optional[str], str]:
        """Kernel, shape and dtype of the study. What is no size belongs to the kernel's name."""
        *values, dtypes = known
        dtype = ",".join(dtypes) or "none"
        is_shape = bool(values) and all(type(value) is int and value > 0 for value in values)
        if is_shape:
            return self._name, "x".join(map(str, values)), dtype
        return (f"{self._name} {tuple(values)}" if values else self._name), None, dtype

    def _time_us(self, arguments: Mapping[str, Any], call: Callable[[], Any]) -> float:
        bench = self._do_bench or usual_bench()
        told = bench(lambda: self._hooks.call(arguments, call), quantiles=(0.5, 0.2, 0.8))
        milliseconds = told[0] if isinstance(told, (list, tuple)) else told
        if not math.isfinite(milliseconds) or milliseconds <= 0:
            raise NightshiftError(f"do_bench gave {milliseconds!r}: a time in milliseconds, above 0, is needed")
        return float(milliseconds) * 1000


def kernel_name(kernel: Any) -> str:
    """Its name, and the start of a hash of its source: another source is another kernel."""
    function = getattr(kernel, "fn", kernel)
    name = getattr(kernel, "__name__", None) or getattr(function, "__name__", type(kernel).__name__)
    source: Any = getattr(kernel, "src", None)
    if not isinstance(source, str):
        try:
            source = inspect.getsource(function)
        except (OSError, TypeError):
            source = name
    return f"{name}#{hashlib.sha256(source.encode()).hexdigest()[:8]}"


def device_name() -> str:
    """The device with the compiler's version: results of others do not hold here."""
    device = f"{platform.machine()} {platform.node()}"
    try:
        import torch

        if torch.cuda.is_available():
            device = torch.cuda.get_device_name()
    except ImportError:
        pass
    try:
        import triton
    except ImportError:
        return device
    return f"{device} triton-{triton.__version__}"


def usual_bench() -> Callable[..., Any]:
    try:
        from triton.testing import do_bench
    except ImportError:
        return host_bench
    found: Callable[..., Any] = do_bench
    return found


def host_bench(call: Callable[[], Any], quantiles: Sequence[float] = (0.5,), seconds: float = 0.1) -> List[float]:
    """Quantiles of the duration of calls, in milliseconds, on the clock of this host."""
    call()
    times: List[float] = []
    began = time.perf_counter()
    while len(times) < 5 or time.perf_counter() - began < seconds:
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    return [times[min(len(times) - 1, int(quantile * len(times)))] for quantile in quantiles]


@contextmanager
def alone(study: str, waits: bool) -> Iterator[bool]:
    """Whether this process of the host is the only one that measures the study. The lock ends with the process."""
    try:
        import fcntl
    except ImportError:  # Windows: processes share the trials, and none measures what another does.
        yield True
        return
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nightshift" / "tuning"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{study}.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
