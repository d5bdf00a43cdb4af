"""Load mini-programs into a host program: resolved, kept for offline use, updated by deltas, launched verified.

`Client` is where to begin. It imports httpx when it is made, not before.
"""

from miniprogram.client.client import Client
from miniprogram.client.errors import (
    BrokenDelivery,
    ClientError,
    DeliveryRefused,
    DeliveryUnreachable,
    HostUnsuited,
    NothingToLaunch,
    Unsigned,
)
from miniprogram.client.host import Endpoint, HostContext
from miniprogram.client.launch import Launch
from miniprogram.client.verifier import Verifier

__all__ = [
    "BrokenDelivery",
    "Client",
    "ClientError",
    "DeliveryRefused",
    "DeliveryUnreachable",
    "Endpoint",
    "HostContext",
    "HostUnsuited",
    "Launch",
    "NothingToLaunch",
    "Unsigned",
    "Verifier",
]
