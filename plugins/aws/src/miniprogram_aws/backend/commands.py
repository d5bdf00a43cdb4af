"""The commands `publisher-backend aws …`: core's functions, with the options of AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miniprogram.cli.commands import publisher_backend_cloud as backend
from miniprogram.cli.commands import publisher_backend_cloud_data as data
from miniprogram.cli.commands import publisher_backend_handover as handover
from miniprogram_aws.backend.options import BackendOptions


def _on_aws(function: Callable[..., Any]) -> Callable[..., Any]:
    return backend.for_provider(function, "aws", BackendOptions)


deploy = _on_aws(backend.deploy)
status = _on_aws(backend.status)
outputs = _on_aws(backend.outputs)
smoke = _on_aws(backend.smoke)
seed = _on_aws(backend.seed)
logs = _on_aws(backend.logs)
destroy = _on_aws(backend.destroy)
host_command = _on_aws(handover.host_command)
handoff = _on_aws(handover.handoff)
data_status = _on_aws(data.data_status)
data_export = _on_aws(data.data_export)
data_import = _on_aws(data.data_import)
data_redemptions = _on_aws(data.data_redemptions)
