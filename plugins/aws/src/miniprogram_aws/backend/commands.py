"""The commands `publisher-backend aws …`: core's functions, with the options of AWS."""

from __future__ import annotations

from miniprogram.cli.commands.publisher_backend_functions import functions_for
from miniprogram_aws.backend.options import BackendOptions

__getattr__ = functions_for("aws", BackendOptions)
