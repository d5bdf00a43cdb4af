"""Versions of a mini-program to publish."""

from __future__ import annotations

from dataclasses import replace

from miniprogram.packages.package_options import PackageOptions
from miniprogram.seams.publish_target import Release
from miniprogram.testing import (
    PNG,
    image_screen,
    sample_release,
    sample_screens,
)

OLD, NEW = "https://old.example/", "https://new.example/"


def release(
    version: str = "1.0.0",
    text: str = "Welcome",
    base_url: str = OLD,
    *,
    more: bool = False,
    picture: bool = True,
    packages: PackageOptions | None = None,
) -> Release:
    """With a screen that holds an address, if there is a `picture`, and one screen `more`."""
    screens = {**sample_screens(text=text), **({"shop_picture": image_screen()} if picture else {})}
    if more:
        screens["shop_more"] = {"type": "text", "data": text}
    made = sample_release(version=version, screens=screens, assets={"logo.png": PNG}, base_url=base_url)
    return replace(made, packages=packages)
