"""How long a browser verifies what a host that pins a root loads, beside hashing the same bytes alone.

Chromium, with the modules of the web runtime; a mini-program of 200 screens of 4 kB whose bytes are in memory, so
that no network is in the figures.
"""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from interleaved import show

from browser.element_site import page_handler, serving
from miniprogram.publish.layouts.cloud import cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.testing import sample_release
from testbed.browser import open_browser
from testbed.trust_world import PLACE, TrustWorld

SCREENS = 200
TEXT_BYTES = 4000
ROUNDS = 15
MEASURE = """
async ({ root, metadata, files, rounds }) => {
  const bytesOf = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const { TufClient } = await import('/runtime/trust/tuf_client.js');
  const { requireBytes } = await import('/runtime/trust/metadata.js');
  const { sha256 } = await import('/runtime/client/digest.js');
  const pinned = bytesOf(root);
  const served = new Map(Object.entries(metadata).map(([name, text]) => [name, bytesOf(text)]));
  const bodies = files.map(({ body, ...said }) => ({ bytes: bytesOf(body), said }));
  const learn = async () => {
    const known = new Map();
    const held = { get: (name) => known.get(name) ?? null, put: (name, bytes) => known.set(name, bytes) };
    const client = new TufClient({ held, pinned, fetch: async (name) => served.get(name) ?? null });
    await client.refresh();
    if (!await client.target('shop/1.0.0.json')) throw new Error('not signed');
  };
  const acts = {
    hashing: async () => { for (const { bytes } of bodies) await sha256(bytes); },
    checking: async () => { for (const { bytes, said } of bodies) await requireBytes(bytes, said, 'a file'); },
    learning: learn,
  };
  const took = { hashing: [], checking: [], learning: [] };
  // by turns, so that a busy moment meets all; three rounds to warm up
  for (let round = -3; round < rounds; round += 1) {
    for (const [name, act] of Object.entries(acts)) {
      const before = performance.now();
      await act();
      if (round >= 0) took[name].push(performance.now() - before);
    }
  }
  const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return Object.fromEntries(Object.entries(took).map(([name, all]) => [name, median(all)]));
}
"""


def main() -> None:
    with TemporaryDirectory() as folder, serving(page_handler()) as address, open_browser() as browser:
        given = _signed(TrustWorld(Path(folder)))
        page = browser.new_page()
        page.goto(address)
        took = page.evaluate(MEASURE, {**given, "rounds": ROUNDS})
    show(
        "T2: files of a version checked / hashed alone, in a browser",
        took["checking"] / took["hashing"],
        "<= 1.5",
        f"{took['hashing']:.2f} ms alone",
    )
    print(f"    learning what is signed from nothing but the root: {took['learning']:.1f} ms")


def _signed(world: TrustWorld) -> dict[str, Any]:
    root = world.begin()
    screens = {f"shop_{n}": {"type": "text", "data": os.urandom(TEXT_BYTES // 2).hex()} for n in range(SCREENS)}
    release = sample_release(screens={**screens, "shop_home": {"type": "text", "data": "Welcome"}})
    release = replace(release, signers=world.signers("dev", "online"))
    publish_to_store(world.store, cloud_layout(release, PLACE))
    host = world.host(root)
    host.refresh()
    listed = host.version("shop", "1.0.0")
    files = [
        {"body": _text(host.load(listed, path)), "length": entry.size, "hashes": {"sha256": entry.sha256}}
        for path, entry in listed.files.items()
    ]
    host.close()
    metadata = {
        name: _text(world.read(name)) for name in world.names() if name.endswith(".json") and "/" not in name
    }
    return {"root": _text(root), "metadata": metadata, "files": files}


def _text(body: bytes) -> str:
    return base64.b64encode(body).decode()


if __name__ == "__main__":
    main()
