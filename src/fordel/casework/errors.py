"""What casework refuses, in sentences."""

from __future__ import annotations


class CaseworkError(Exception):
    """A step of a case that the law, the state of the case or the ceiling does not allow."""


class NotAllowed(CaseworkError):
    """Events that may not be recorded; the message lists every fault, and nothing was recorded."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Nothing was recorded:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = faults
