"""What travels to Lambda: the delivery engine, and the modules that connect it to a gateway and to S3."""

from __future__ import annotations

from miniprogram.provider_kit.archives import Archive, FunctionRuntime, make_archive, package_sources

RUNTIME: FunctionRuntime = (3, 13)
"""The runtime the template names."""


def delivery_archive(runtime: FunctionRuntime = RUNTIME) -> Archive:
    """The delivery function, from the packages installed here."""
    sources = {
        "miniprogram/__init__.py": b"",
        "miniprogram_aws/__init__.py": b"",
        **package_sources("miniprogram.delivery"),
        **package_sources("miniprogram_aws.function"),
    }
    return make_archive("delivery", sources, runtime)
