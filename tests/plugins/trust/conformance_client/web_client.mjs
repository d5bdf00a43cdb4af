/**
 * The web runtime's client behind the command line that theupdateframework/tuf-conformance asks for (its CLIENT-CLI.md);
 * python_client.py beside this file says how it is called. Node's WebCrypto stands in for the browser's.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bounded } from '../../../../plugins/web/src/miniprogram_web/runtime/trust/bounded.js';
import { requireBytes } from '../../../../plugins/web/src/miniprogram_web/runtime/trust/metadata.js';
import { TufClient } from '../../../../plugins/web/src/miniprogram_web/runtime/trust/tuf_client.js';

const text = { type: 'string' };
const { values: given, positionals: [command, root] } = parseArgs({
  allowPositionals: true,
  options: { 'metadata-dir': text, 'metadata-url': text, 'target-name': text, 'target-base-url': text, 'target-dir': text },
});
const pathOf = (name) => join(given['metadata-dir'], `${encodeURIComponent(name)}.json`);
const read = (path) => (existsSync(path) ? new Uint8Array(readFileSync(path)) : null);

const held = {
  get: (name) => read(pathOf(name)),
  put: (name, bytes) => writeFileSync(pathOf(name), bytes),
};

/** @returns {Promise<Uint8Array | null>} */
async function load(base, name, most) {
  const response = await fetch(`${base.replace(/\/$/, '')}/${name}`);
  if (response.status === 404 || response.status === 403) return null;
  if (!response.ok) throw new Error(`status ${response.status}`);
  return bounded(response.body, most, name);
}

async function download(client) {
  const name = given['target-name'];
  const target = await client.target(name);
  if (!target) throw new Error(`nobody signed ${name}`);
  const kept = join(given['target-dir'], encodeURIComponent(name));
  const before = read(kept);
  if (before && await requireBytes(before, target, name).then(() => true, () => false)) return;
  const slash = name.lastIndexOf('/') + 1;
  const address = `${name.slice(0, slash)}${target.hashes.sha256}.${name.slice(slash)}`;
  const bytes = await load(given['target-base-url'], address, target.length);
  if (!bytes) throw new Error(`${address} is not there`);
  await requireBytes(bytes, target, name);
  writeFileSync(kept, bytes);
}

try {
  mkdirSync(given['metadata-dir'], { recursive: true });
  if (command === 'init') {
    writeFileSync(pathOf('root'), readFileSync(root));
  } else {
    const client = new TufClient({ held, pinned: read(pathOf('root')), fetch: (name, most) => load(given['metadata-url'], name, most) });
    await client.refresh();
    if (command === 'download') await download(client);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
