"""What the distributions of this project bring, so that an error can name the one that is missing.

Nothing here decides what may be used: that is up to what is installed and to the pins. Standard library only.
"""

from __future__ import annotations

AWS = "miniprogram-aws"
FIREBASE = "miniprogram-firebase"
FLUTTER = "miniprogram-flutter"
GCP = "miniprogram-gcp"
GITHUB_PAGES = "miniprogram-github-pages"
S3 = "miniprogram-s3"
SERVER = "miniprogram-server"
STATIC = "miniprogram-static"
TRUST = "miniprogram-trust"
WEB = "miniprogram-web"

PLUGINS: dict[str, str] = {
    "aws": AWS,
    "firebase": FIREBASE,
    "flutter": FLUTTER,
    "gcp": GCP,
    "github-pages": GITHUB_PAGES,
    "s3": S3,
    "server": SERVER,
    "static": STATIC,
    "trust": TRUST,
    "web": WEB,
}
"""Distribution by plugin name. In pins these names stand for the distribution; others have to be spelt out."""

BROUGHT_BY: dict[str, dict[str, str]] = {
    "publish target": {"static": STATIC, "github-pages": GITHUB_PAGES, "firebase-hosting": FIREBASE},
    "provider": {"aws": AWS, "firebase": FIREBASE, "gcp": GCP, "s3": S3, "custom-s3-compatible": S3},
    "kind of signing key": {"awskms": AWS, "gcpkms": GCP, "pkcs11": TRUST, "vault": TRUST},
    "backend template": {"aws-lambda": AWS, "firebase-functions": FIREBASE},
    "command": {
        "serve": SERVER,
        "console": SERVER,
        "publisher-backend aws": AWS,
        "publisher-backend firebase": FIREBASE,
        "trust": TRUST,
    },
}
"""By the title of the kind: which distribution brings a name."""


def is_first_party(distribution: str) -> bool:
    """Whether `distribution` is one of this project's."""
    return distribution.lower().replace("_", "-") in PLUGINS.values()


def owner_of_name(plugin: str) -> str | None:
    """The distribution of this project that the plugin name `plugin` belongs to, if it is one of its names."""
    return PLUGINS.get(plugin.lower().replace("_", "-").replace(".", "-"))


def bringer(kind: str, name: str) -> str | None:
    """The distribution that brings `name`, or the command or group `name` begins with or leads to."""
    known = BROUGHT_BY.get(kind, {})
    if kind != "command":
        return known.get(name)
    words = name.split()
    if not words:
        return None
    for path, distribution in known.items():
        steps = path.split()
        shorter = min(len(words), len(steps))
        if words[:shorter] == steps[:shorter]:
            return distribution
    return None


def how_to_install(distribution: str) -> str:
    """What to do to have `distribution`. No index is named: the distributions of this project are on none."""
    folder = distribution.removeprefix("miniprogram-").replace("-", "_")
    return (
        f"Install plugins/{folder} of a clone, or its wheel from `make release`, "
        "beside miniprogram; docs/howto/install.md shows how."
    )
