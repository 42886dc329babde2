"""Client of the nightshift daemon: studies over HTTP, and an autotune decorator for Triton kernels."""

from .autotune import Autotuner, autotune
from .client import Client, NightshiftError, Study, Trial
from .lock import Lock

__all__ = ["Autotuner", "Client", "Lock", "NightshiftError", "Study", "Trial", "autotune"]
