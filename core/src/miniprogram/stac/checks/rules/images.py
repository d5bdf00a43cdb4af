"""Local images: files that must be in the mini-program's `assets` folder."""

from __future__ import annotations

from typing import Any

from miniprogram.stac.checks.run import PlacedNode, Run, quote
from miniprogram.stac.images import asset_path, is_local
from miniprogram.stac.json_path import JsonPath


def check_image(run: Run, node: PlacedNode) -> None:
    """A local `src` must name an asset. It is delivered with the mini-program and its address filled in."""
    source = node.members.get("src")
    if not isinstance(source, str) or not is_local(source):
        return
    name, location = asset_path(source), (node.path, "src")
    if name is None:
        run.error("missing_asset", location, f'"{quote(source)}" does not lie in the assets folder')
    elif name not in run.assets:
        _report_missing_asset(run, name, location, is_host_asset=node.members.get("imageType") == "asset")


def _report_missing_asset(run: Run, name: str, location: JsonPath, *, is_host_asset: bool) -> None:
    advice = run.did_you_mean_one_of(name, run.assets)
    if is_host_asset:
        message = f"there is no assets/{quote(name)}: the image shows only in hosts that bundle it themselves"
        run.warn("missing_asset", location, message, advice)
    else:
        run.error("missing_asset", location, f"there is no assets/{quote(name)}", advice)


def check_image_address(run: Run, source: Any, path: JsonPath) -> None:
    """An image that is no `image` widget needs a full address: local files are found for `image` widgets only."""
    if isinstance(source, str) and is_local(source):
        message = f'"{quote(source)}" is no full address, and local files work in "image" widgets only'
        run.warn("local_image_not_delivered", path, message)
