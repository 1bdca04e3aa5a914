"""Reads the package's dependencies from requirements/runtime.in, so that they are written down once."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RuntimeRequirements(MetadataHookInterface):
    """Hatchling metadata hook: `dependencies` are the lines of requirements/runtime.in."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in `dependencies`."""
        lines = (Path(self.root) / "requirements" / "runtime.in").read_text().splitlines()
        metadata["dependencies"] = [line for line in lines if line and not line.startswith("#")]
