"""The kinds of block: one file each. A new file with a Block subclass is all that a new kind needs here."""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import get_args

from aftercare.mail.blocks.base import Block


def _kinds() -> Mapping[str, type[Block]]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return {str(get_args(kind.model_fields["type"].annotation)[0]): kind for kind in Block.__subclasses__()}


#: Block classes by the `type` that content files write.
KINDS = _kinds()
