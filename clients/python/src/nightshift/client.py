"""Studies of the daemon over HTTP. Uses the standard library only."""

from __future__ import annotations

import json
import math
import os
import re
import socket
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from numbers import Real
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, TypeVar, Union
from urllib.parse import SplitResult, quote, urlencode, urlsplit

Value = Union[str, int, float, bool]
Configuration = Dict[str, Value]
#: The content of a space file, or the values of each parameter.
Space = Mapping[str, Any]

Read = TypeVar("Read")

USUAL_URL = "http://127.0.0.1:7070"


class NightshiftError(Exception):
    """The daemon refused a request, or there is no answer. `status` is HTTP's, None without an answer."""

    def __init__(self, message: str, status: Optional[int] = None) -> None:
        super().__init__(message)
        self.status = status


def space_file(space: Space, restrict: Sequence[str] = ()) -> Dict[str, Any]:
    """The content of a space file: parameters with their values, and constraints between them."""
    if isinstance(space.get("parameters"), (list, tuple)):
        content = dict(space)
    else:
        content = {"parameters": [{"name": name, "values": list(values)} for name, values in space.items()]}
    if restrict:
        content["constraints"] = [*content.get("constraints", []), *restrict]
    return content


class Client:
    """A daemon. `url` is $NIGHTSHIFT_URL or this machine's; `token` is $NIGHTSHIFT_TOKEN.

    A client keeps one connection: use one client a thread.
    """

    def __init__(self, url: Optional[str] = None, token: Optional[str] = None, timeout: float = 60.0) -> None:
        given = url or os.environ.get("NIGHTSHIFT_URL") or USUAL_URL
        self.url = given
        self._parts = _address(given)
        self._token = _checked_token(token if token is not None else os.environ.get("NIGHTSHIFT_TOKEN"))
        self._timeout = timeout
        self._connection: Optional[HTTPConnection] = None

    def study(
        self,
        kernel: str,
        space: Space,
        *,
        target: str,
        shape: Optional[str] = None,
        dtype: Optional[str] = None,
        description: str = "",
        restrict: Sequence[str] = (),
        default: Optional[Mapping[str, Value]] = None,
        strategy: Optional[str] = None,
        seed: int = 1,
    ) -> Study:
        """Opens a study whose trials you measure, or continues it: the same words are the same study.

        `description` is everything about the target that changes results: firmware, compiler, flags.
        """
        body: Dict[str, Any] = {
            "kernel": _given(name=kernel, shape=shape, dtype=dtype),
            "target": {"name": target, "description": description},
            "space": space_file(space, restrict),
            "seed": seed,
            **_given(default=None if default is None else dict(default), strategy=strategy),
        }
        return Study(self, self._read(_summary, "POST", "/v1/studies", body))

    def best(
        self,
        kernel: str,
        *,
        target: str,
        shape: Optional[str] = None,
        dtype: Optional[str] = None,
    ) -> Dict[str, Any]:
        """The document of `nightshift best`: `configuration`, `timeUs`, `provenance`, …

        Raises NightshiftError where the daemon knows no such kernel or target.
        """
        query = urlencode(_given(kernel=kernel, target=target, shape=shape, dtype=dtype))
        return self._read(_with_configuration, "GET", f"/v1/best?{query}")

    def nearest(
        self, kernel: str, *, target: str, shape: str, dtype: Optional[str] = None
    ) -> Optional[Configuration]:
        """The best configuration of the nearest shape with results, by doublings of its extents."""
        query = urlencode({"kernel": kernel, "target": target})
        measured = self._read(_measured_shapes, "GET", f"/v1/studies?{query}")
        near = [
            (_doublings(other, shape), place, configuration)
            for place, (other, of, configuration) in enumerate(measured)
            if of == (dtype or "-") and other.count("x") == shape.count("x")
        ]
        return min(near)[2] if near else None

    def request(self, method: str, path: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        """The JSON of an answer. Raises NightshiftError with what the daemon says."""
        headers = {"accept": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        payload = None
        if body is not None:
            headers["content-type"] = "application/json"
            payload = _json(body)
        status, text = self._exchange(method, path, payload, headers)
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            raise NightshiftError(f"{self.url} gave no JSON for {path}: is it a nightshift daemon?", status) from None
        if status >= 400:
            said = answer.get("error", text) if isinstance(answer, dict) else text
            raise NightshiftError(str(said.get("message", said) if isinstance(said, dict) else said), status)
        return answer

    def _read(
        self, read: Callable[[Any], Read], method: str, path: str, body: Optional[Mapping[str, Any]] = None
    ) -> Read:
        answer = self.request(method, path, body)
        try:
            return read(answer)
        except (LookupError, TypeError, ValueError):
            raise NightshiftError(
                f"{self.url} gave another answer for {path} than a nightshift daemon of this version"
            ) from None

    def close(self) -> None:
        """Closes the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(
        self, method: str, path: str, payload: Optional[bytes], headers: Mapping[str, str]
    ) -> Tuple[int, str]:
        # A kept connection may have been closed meanwhile, by the daemon or by its restart: then once more.
        for is_last in (self._connection is None, True):
            connection = self._open()
            try:
                connection.request(method, self._parts.path.rstrip("/") + path, payload, dict(headers))
                answer = connection.getresponse()
                return answer.status, answer.read().decode("utf-8", "replace")
            except (OSError, HTTPException) as error:
                self.close()
                if is_last or isinstance(error, socket.timeout):
                    raise NightshiftError(
                        f"no answer from {self.url} ({error or type(error).__name__}); "
                        "`nightshift daemon` starts a daemon, NIGHTSHIFT_URL names another"
                    ) from None
        raise AssertionError("unreachable")

    def _open(self) -> HTTPConnection:
        if self._connection is None:
            kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
            self._connection = kind(self._parts.hostname or "", self._parts.port, timeout=self._timeout)
        return self._connection


@dataclass(frozen=True)
class Trial:
    """A configuration to measure. It is proposed to others once its lease, ten minutes, has ended."""

    study: Study
    configuration: Configuration

    def tell(self, time_us: Union[float, Sequence[float]]) -> None:
        """Its time in microseconds, or its samples, of which the median counts. It is on the disk at return."""
        times = {"timeUs": float(time_us)} if isinstance(time_us, (float, Real)) else {"samplesUs": list(time_us)}
        self.study._tell({"configuration": self.configuration, **times})

    def fail(self, message: str = "", reason: str = "runtime") -> None:
        """It has no time: `runtime`, `timeout`, `compile`, `correctness`, `constraints`; or `disturbed`, to be repeated."""
        invalid = {"reason": reason, "message": message[:2000]}
        self.study._tell({"configuration": self.configuration, "invalid": invalid})


@dataclass(frozen=True)
class Summary:
    """What the daemon says of a study."""

    id: str
    settled: int
    best: Optional[Configuration]
    fastest_us: Optional[float]
    compared_us: Optional[float]


class Study:
    """A study that is measured by this program."""

    def __init__(self, client: Client, summary: Summary) -> None:
        self.client = client
        self._summary = summary

    @property
    def id(self) -> str:
        return self._summary.id

    @property
    def settled(self) -> int:
        """Trials with a result, as of the last `refresh`."""
        return self._summary.settled

    @property
    def best(self) -> Optional[Configuration]:
        """What its final comparison recommends, before one its fastest configuration, as of the last `refresh`; None before
        a trial has a time."""
        return None if self._summary.best is None else dict(self._summary.best)

    @property
    def fastest_us(self) -> Optional[float]:
        """Its fastest trial in microseconds; None before a trial has a time."""
        return self._summary.fastest_us

    @property
    def compared_us(self) -> Optional[float]:
        """`best` in microseconds, as the final comparison timed it; None before one."""
        return self._summary.compared_us

    def refresh(self) -> Study:
        self._summary = self.client._read(_summary, "GET", self._path)
        return self

    def has(self, configuration: Configuration) -> bool:
        """Whether its space has the configuration."""
        try:
            self.client.request("POST", f"{self._path}/predict", {"configurations": [configuration]})
        except NightshiftError as error:
            if error.status not in (400, 409):
                raise
            return error.status == 409  # It could be predicted, were there enough times.
        return True

    def ask(self, count: int = 1) -> List[Trial]:
        """Configurations to measure; none when all are measured, or being measured by others."""
        asked = self.client._read(_configurations, "POST", f"{self._path}/ask", {"count": count})
        return [Trial(self, configuration) for configuration in asked]

    def trials(self, until: int) -> Iterator[Trial]:
        """Trials to measure one after another, until the study has so many results or no more configurations."""
        while self.refresh().settled < until:
            asked = self.ask()
            if not asked:
                return
            yield asked[0]

    def wait(self, until: int, timeout: float = float("inf"), pause: float = 0.2) -> bool:
        """Waits while others measure, until the study has so many results; False when `timeout` seconds are over."""
        ends = time.monotonic() + timeout
        while self.refresh().settled < until:
            if time.monotonic() >= ends:
                return False
            time.sleep(pause)
        return True

    def _tell(self, result: Mapping[str, Any]) -> None:
        self.client.request("POST", f"{self._path}/tell", {"results": [result]})

    @property
    def _path(self) -> str:
        return f"/v1/studies/{quote(self.id, safe='')}"


def _address(given: str) -> SplitResult:
    if "@" in given:  # What stands before it is secret: no error may show it.
        raise NightshiftError("the address of a daemon has no user and password: its token is $NIGHTSHIFT_TOKEN")
    try:
        parts = urlsplit(given)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise NightshiftError(f"{given!r} is no address of a daemon; an example is {USUAL_URL}")


def _checked_token(token: Optional[str]) -> Optional[str]:
    if token and not re.fullmatch(r"[\x21-\x7e]+", token):
        raise NightshiftError("the token of the daemon has a blank, a line feed or a letter that HTTP cannot send")
    return token


def _json(body: Mapping[str, Any]) -> bytes:
    """Numbers of other libraries are numbers, too."""
    try:
        return json.dumps(body, allow_nan=False, default=float).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise NightshiftError(f"this cannot be sent to the daemon: {error}") from None


def _summary(answer: Any) -> Summary:
    best = answer["best"]
    is_timed = "configuration" in best
    return Summary(
        id=str(answer["id"]),
        settled=int(answer["trials"]),
        best=dict(best["configuration"]) if is_timed else None,
        fastest_us=_microseconds(answer["fastestUs"]),
        compared_us=_microseconds(answer["comparedUs"]),
    )


def _microseconds(told: Any) -> Optional[float]:
    return None if told is None else float(told)


def _configurations(answer: Any) -> List[Configuration]:
    return [dict(one["configuration"]) for one in answer["trials"]]


def _measured_shapes(answer: Any) -> List[Tuple[str, str, Configuration]]:
    """Shape, dtype and best configuration of studies that have one."""
    return [
        (str(one["shape"]), str(one["dtype"]), dict(one["best"]["configuration"]))
        for one in answer
        if "configuration" in one["best"] and re.fullmatch(r"[1-9]\d*(x[1-9]\d*)*", str(one["shape"]))
    ]


def _doublings(one: str, other: str) -> float:
    extents = zip(one.split("x"), other.split("x"))
    return sum(abs(math.log2(int(a)) - math.log2(int(b))) for a, b in extents)


def _with_configuration(answer: Any) -> Dict[str, Any]:
    return {**answer, "configuration": dict(answer["configuration"])}


def _given(**fields: Any) -> Dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
