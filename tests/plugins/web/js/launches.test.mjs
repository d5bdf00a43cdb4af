/** The cases of verified launch that hold every host: docs/explanation/verified-launch.md. Here they hold what pages run. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const RUNTIME = new URL('../../../../plugins/web/src/miniprogram_web/runtime/', import.meta.url);
const CASES = new URL('../../../conformance/launches/', import.meta.url);
const { KeptClient } = await import(new URL('packages/kept_client.js', RUNTIME).href);
const { memoryStore } = await import(new URL('packages/store.js', RUNTIME).href);
const { singlePage } = await import(new URL('packages/tabs.js', RUNTIME).href);
const { sha256 } = await import(new URL('client/digest.js', RUNTIME).href);
const { digestOf } = await import(new URL('packages/package_index.js', RUNTIME).href);

const BASE = 'https://programs.example/api/';
const CONTEXT = { hostApp: 'site', sdkVersion: '1.0.0', hostVersion: '2.0.0', capabilities: [] };
const bytes = (value) => new TextEncoder().encode(JSON.stringify(value));

/** A version: its manifest and one screen, with the index of its package. */
async function made(version) {
  const manifest = { id: 'shop', version, entry: 'home', contractVersion: '1.0.0', sdkVersionRange: '>=1.0.0 <2.0.0', requiredCapabilities: [] };
  const bodies = { 'manifest.json': bytes(manifest), 'screens/home.json': bytes({ type: 'text', data: version }) };
  const files = await Promise.all(Object.entries(bodies).map(async ([path, body]) => ({ path, size: body.length, sha256: await sha256(body) })));
  const digest = await digestOf(files);
  return { manifest, bodies, index: { schemaVersion: 1, miniProgramId: 'shop', version, digest, archive: { size: 1, sha256: '0'.repeat(64) }, package: { size: 1, sha256: '0'.repeat(64) }, files, deltas: [] } };
}

/** Its archive, as `package build` writes one. */
function tar({ bodies, index }) {
  const entries = [bytes({ ...index, files: index.files }), ...Object.values(bodies)];
  return Buffer.concat([...entries.flatMap((body) => {
    const header = Buffer.alloc(512);
    header.write('name', 0);
    header.write(body.length.toString(8).padStart(11, '0'), 124);
    header.write('0', 156);
    return [header, Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)])];
  }), Buffer.alloc(1024)]);
}

/** A delivery of those versions, and a host that does what the steps of a case say. */
class Host {
  versions = {};
  latest = '';
  how = 'answers';
  network = 'wifi';
  upgrade = undefined;
  store = memoryStore();
  tabs = singlePage();
  staying = null;

  constructor(preset) {
    this.preset = preset;
  }

  fetch = async (url) => {
    const path = url.startsWith(BASE) ? url.slice(BASE.length).split('?')[0] : 'preset';
    if (path === 'preset') return new Response(this.preset);
    if (this.how === 'unreachable') throw new TypeError('no network');
    const refusal = { refuses: 'not_available', 'rolls back': 'roll_back_to_embedded' }[this.how];
    if (path.endsWith('latest.json')) {
      if (refusal) return new Response(JSON.stringify({ errorCode: refusal, message: 'no' }), { status: 409 });
      return Response.json({ ...this.versions[this.latest].manifest, deliveryMetadata: { upgrade: this.upgrade } });
    }
    const version = this.versions[path.match(/\d+\.\d+\.\d+/)[0]];
    if (path.endsWith('deltas.json')) return Response.json(version.index);
    const body = path.startsWith('manifests/') ? version.bodies['manifest.json'] : path.startsWith('screens/') ? version.bodies['screens/home.json'] : null;
    return new Response(body ?? 'Not here.', { status: body ? 200 : 404 });
  };

  async open() {
    const client = new KeptClient({
      appId: 'shop', endpoint: { baseUrl: BASE, fetch: this.fetch, loopbackFallback: false }, context: CONTEXT, network: this.network, store: this.store, tabs: this.tabs,
      preset: this.preset ? 'https://page.example/shop.tar' : null, dictionaries: () => false,
    });
    await client.load();
    assert.equal((await client.screen('home')).data, client.launch.held.version);
    return client.launch;
  }

  async step(step) {
    if ('publish' in step) this.versions[step.publish] ??= await made(step.publish);
    if ('publish' in step || 'point to' in step) this.latest = step.publish ?? step['point to'];
    else if ('delivery' in step) this.how = step.delivery;
    else if ('upgrade' in step) this.upgrade = step.upgrade;
    else if ('network' in step) this.network = step.network;
    else if ('settle' in step) await this.staying.started();
    else if (step.open?.error) await assert.rejects(this.open(), ({ code }) => code === step.open.error);
    else if (step.open) {
      const launch = await this.open();
      const { version, source, reason } = step.open;
      assert.deepEqual([launch.held.version, launch.circumstances.source], [version, source]);
      if (reason) assert.equal(launch.circumstances.reason, reason);
      await { started: () => launch.started(), fails: () => launch.failed(), dies: () => this.tabs.die(), leaves: () => this.tabs.leave(), stays: () => { this.staying = launch; } }[step.then]();
    } else assert.fail(`there is no step ${JSON.stringify(step)}`);
  }
}

for (const file of readdirSync(CASES).filter((name) => name.endsWith('.json'))) {
  const { promise, embedded, platforms = ['web'], steps } = JSON.parse(readFileSync(new URL(file, CASES), 'utf8'));
  if (!platforms.includes('web')) continue;
  test(`${file}: ${promise}`, async () => {
    const host = new Host(embedded ? tar(await made(embedded)) : null);
    for (const [at, step] of steps.entries()) {
      try {
        await host.step(step);
      } catch (error) {
        error.message = `step ${at + 1}, ${JSON.stringify(step)}: ${error.message}`;
        throw error;
      }
    }
  });
}
