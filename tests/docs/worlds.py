"""What a reader has when they come to a page: folders, environments, versions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from miniprogram.testing import write_program

Run = Callable[..., str]
"""Runs a line in a folder and gives what it printed: `run("env init", folder)`."""


def nothing(folder: Path, run: Run) -> Path:
    """An empty folder."""
    return folder


def shop(folder: Path, run: Run) -> Path:
    """The mini-program `shop`, in its folder."""
    return write_program(folder / "shop")


def keys_to_sign(folder: Path, run: Run) -> Path:
    """In the folder of `shop`, published before anybody signed; `miniprogram.toml` names keys beside it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    root = write_program(folder / "shop")
    run("publish --target static --output ../site", root)
    (folder / "keys").mkdir()
    for name in ("root-1", "root-2", "root-3", "targets", "online", "online-2", "online-3", "shop", "shop-2"):
        path = folder / "keys" / f"{name}.pem"
        private = Ed25519PrivateKey.generate()
        path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        path.chmod(0o600)
    signers = [f"file:../keys/{name}.pem" for name in ("shop", "online", "online-2", "online-3")]
    (root / "miniprogram.toml").write_text(f"[trust]\nsigners = {json.dumps(signers)}\n")
    return root


def beside_shop(folder: Path, run: Run) -> Path:
    """The folder that `shop` lies in."""
    write_program(folder / "shop")
    return folder


def coupon_center(folder: Path, run: Run) -> Path:
    """The folder that the mini-program `coupon_center` lies in."""
    run("create coupon_center", folder)
    return folder


def team(folder: Path, run: Run) -> Path:
    """In the folder of `shop`, with the active environment `team`, which has its versions 1.0.0 and 1.1.0."""
    root = write_program(folder / "shop")
    run("env init", root)
    run("env configure team --provider filesystem --store ../store", root)
    run("env use team", root)
    run("publish --target cloud", root)
    run("version minor", root)
    run("publish --target cloud", root)
    return root


def two_versions(folder: Path, run: Run) -> Path:
    """In the folder of `shop` at version 1.0.0, whose version 1.1.0 is in `../store` already."""
    root = team(folder, run)
    run("version set 1.0.0", root)
    return root


def wallet(folder: Path, run: Run) -> Path:
    """As `team`, with version 1.0.0 full on the host app `wallet`, and the files that the page names."""
    root = team(folder, run)
    run("app add wallet", root)
    run("release create shop 1.0.0 --app wallet", root)
    told = "--title Shop --description Buy --server-domain https://a.example.com"
    run(f"release configure shop 1.0.0 --app wallet {told}", root)
    run("release apply shop 1.0.0 --app wallet --actor ann", root)
    run("release approve shop 1.0.0 --app wallet --actor bob", root)
    run("release pilot skip shop 1.0.0 --app wallet", root)
    run("release finish shop 1.0.0 --app wallet --final", root)
    run("release create shop 1.1.0 --app wallet", root)
    everybody = {"attribute": "platform", "operator": "in", "values": ["android"]}
    for name in ("audience", "fraud", "old-devices"):
        (root / f"{name}.json").write_text(json.dumps(everybody))
    (root / "vip.csv").write_text("userId,name\nann@example.com,Ann\n")
    return root


def site(folder: Path, run: Run) -> Path:
    """In the folder of `coupon`, with 1.4.0 and 1.5.0 in the local workspace, in `../site` and in `production`."""
    root = write_program(folder / "coupon")
    run("version set 1.4.0", root)
    run("env init", root)
    run("env configure production --provider filesystem --store ../store", root)
    run("backend init", root)
    for _ in range(2):
        run("publish --target local", root)
        run("publish --target static --output ../site", root)
        run("publish --target cloud --env production", root)
        run("version minor", root)
    return root


def workspace(folder: Path, run: Run) -> Path:
    """In the folder of `shop`, with a local workspace."""
    root = write_program(folder / "shop")
    run("backend init", root)
    return root


def flutter_app(folder: Path, run: Run) -> Path:
    """In the folder of a Flutter app, with the package that a publisher sent."""
    run("create coupon_center", folder)
    app = folder / "app"
    (app / "lib").mkdir(parents=True)
    (app / "pubspec.yaml").write_text("name: app\nversion: 1.0.0\ndependencies:\n  flutter:\n    sdk: flutter\n")
    (app / "lib" / "main.dart").write_text("void main() {}\n")
    package = "--api-base-url https://delivery.example.com/api --public -o app/coupon_center.partner.json"
    run(f"partner package coupon_center {package}", folder)
    return app


def web_page(folder: Path, run: Run) -> Path:
    """In an empty folder, with the package that a publisher sent."""
    run("create coupons", folder)
    page = folder / "page"
    page.mkdir()
    package = "--api-base-url https://delivery.example.com/api --public -o page/coupons.partner.json"
    run(f"partner package coupons {package}", folder)
    return page
