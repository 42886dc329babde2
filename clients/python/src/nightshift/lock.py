"""Answers of a lock file (`nightshift export --format lock`), without a daemon."""

from __future__ import annotations

import json
import os
from typing import Dict, Optional, Tuple

from .client import Configuration, NightshiftError

ANY_SHAPE = "*"


class Lock:
    """A lock file, read once. Raises NightshiftError where it cannot be read or is none."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            with open(path, encoding="utf-8") as file:
                content = json.load(file)
            self._entries: Dict[Tuple[str, str, str, str], Configuration] = {
                (one["device"], one["kernel"], one["dtype"], one["shape"]): dict(one["configuration"])
                for one in content["entries"]
            }
        except OSError as error:
            raise NightshiftError(f"the lock file {path} cannot be read: {error.strerror}") from None
        except (ValueError, LookupError, TypeError, RecursionError):
            raise NightshiftError(f"{path} is no lock file; `nightshift export --format lock` writes one") from None

    @staticmethod
    def of_environment() -> Optional[Lock]:
        """The file that $NIGHTSHIFT_LOCK names; None where it names none."""
        path = os.environ.get("NIGHTSHIFT_LOCK")
        return Lock(path) if path else None

    def find(self, device: str, kernel: str, dtype: str, shape: Optional[str]) -> Optional[Configuration]:
        """The configuration for the shape, else the one for any shape, else None."""
        for wanted in ((shape,) if shape is not None else ()) + (ANY_SHAPE,):
            found = self._entries.get((device, kernel, dtype, wanted))
            if found is not None:
                return dict(found)
        return None
