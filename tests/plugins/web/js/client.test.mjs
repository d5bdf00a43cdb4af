/** The host client of the delivery contract, against a fetch of its own: no server, no clock. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

const RUNTIME = new URL('../../../../plugins/web/src/miniprogram_web/runtime/', import.meta.url);
const { Client, contextQuery, readManifest } = await import(new URL('client/client.js', RUNTIME).href);
const { memoryCache } = await import(new URL('client/cache.js', RUNTIME).href);
const { httpBackend, readBody } = await import(new URL('client/backend_http.js', RUNTIME).href);
const { Backend } = await import(new URL('bindings/backend.js', RUNTIME).href);
const { policy } = await import(new URL('client/frame.js', RUNTIME).href);

const MANIFEST = { id: 'shop', version: '1.0.0', entry: 'home', contractVersion: '1.0.0', sdkVersionRange: '>=1.0.0 <2.0.0', requiredCapabilities: [] };
const CONTEXT = { hostApp: 'site', sdkVersion: '1.0.0', hostVersion: '2.0.0', capabilities: ['secure_api', 'analytics'], more: { platform: 'web', locale: ' ', tenantId: undefined } };

/** A fetch that answers by the end of the path, and writes down what it was asked. */
function answering(answers) {
  const asked = [];
  const send = async (url, options) => {
    asked.push({ url, options });
    const found = answers[new URL(url).pathname.split('/').at(-1)];
    if (found instanceof Error) throw found;
    const [status, body] = found ?? [404, { errorCode: 'artifact_not_found', message: 'Not there.' }];
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  };
  return { send, asked };
}

function clientOf(answers, { manifest = MANIFEST, cache = memoryCache(), ...more } = {}) {
  const all = { 'latest.json': [200, manifest], 'home.json': [200, { type: 'text', data: 'Hi' }], ...answers };
  const { send, asked } = answering(all);
  const client = new Client({ appId: 'shop', endpoint: { baseUrl: 'https://api.example/api', fetch: send, ...more }, context: CONTEXT, cache });
  return { client, asked, answers: all };
}

const codeOf = async (work) => {
  try {
    await work();
    return null;
  } catch (error) {
    return error.code ?? String(error);
  }
};

test('the query says what a host is, sorted and without blanks', () => {
  assert.equal(contextQuery(CONTEXT), 'hostApp=site&sdkVersion=1.0.0&hostVersion=2.0.0&capabilities=analytics%2Csecure_api&platform=web');
});

test('a key goes into a header, never into an address', async () => {
  const { client, asked } = clientOf({}, { accessKey: ' secret ' });
  await client.load();
  await client.screen('home');
  assert.deepEqual(asked.map(({ url }) => url.split('?')[0]), ['https://api.example/api/manifests/shop/latest.json', 'https://api.example/api/screens/shop/1.0.0/home.json']);
  assert.deepEqual(asked.map(({ options }) => options.headers['x-mini-program-access-key']), ['secret', 'secret']);
  assert.ok(asked.every(({ url }) => !url.includes('secret')));
});

for (const [name, manifest, code] of [
  ['a newer runtime', { ...MANIFEST, sdkVersionRange: '^2.0.0' }, 'unsupported_sdk_version'],
  ['a range that is none', { ...MANIFEST, sdkVersionRange: 'latest' }, 'unsupported_sdk_version'],
  ['a capability that is missing', { ...MANIFEST, requiredCapabilities: ['auth'] }, 'unsupported_capability'],
  ['a capability that nobody knows', { ...MANIFEST, requiredCapabilities: ['telepathy'] }, 'manifest_parse_failure'],
  ['a feature that is off', { ...MANIFEST, featureFlags: ['new'] }, 'feature_disabled'],
  ['no version', { ...MANIFEST, version: undefined }, 'manifest_parse_failure'],
  ['a cache rule of another kind', { ...MANIFEST, cachePolicy: { manifest: 'forever' } }, 'manifest_parse_failure'],
  ['an age of nothing', { ...MANIFEST, cachePolicy: { manifest: { maxStaleSeconds: 0 } } }, 'manifest_parse_failure'],
]) {
  test(`a manifest with ${name} is refused`, async () => {
    assert.equal(await codeOf(() => clientOf({}, { manifest }).client.load()), code);
  });
}

test('rules as bare words are read', () => {
  const { cachePolicy } = readManifest({ ...MANIFEST, cachePolicy: { manifest: 'staleWhileError', entryScreen: 'noCache' } });
  assert.deepEqual(cachePolicy, { manifest: { mode: 'staleWhileError', maxStaleSeconds: 3600 }, entryScreen: { mode: 'noCache', maxStaleSeconds: 3600 } });
});

const GONE = new TypeError('fetch failed');

for (const [name, problem, shown] of [
  ['no connection', GONE, true],
  ['a server that says it is unreachable', [503, { errorCode: 'backend_unreachable' }], true],
  ['a server that fails', [500, { errorCode: 'internal_error' }], false],
  ['a key that is wrong', [403, { errorCode: 'access_key_invalid' }], false],
  ['an answer that is no JSON', [200, 'oops'], false],
  ['a list instead of an object', [200, []], false],
  ['another status of success', [202, MANIFEST], false],
]) {
  test(`with ${name} a stored copy is ${shown ? '' : 'not '}shown`, async () => {
    const { client, answers } = clientOf({});
    await client.load();
    await client.screen('home');
    answers['latest.json'] = problem;
    answers['home.json'] = problem;
    assert.equal((await codeOf(() => client.load())) === null, shown);
    assert.equal((await codeOf(() => client.screen('home'))) === null, shown);
    assert.equal(client.stale, shown);
  });
}

test('a copy that is too old, or that the program does not want kept, is not shown', async () => {
  const young = { ...MANIFEST, cachePolicy: { manifest: { maxStaleSeconds: 60 }, entryScreen: 'noCache' } };
  const kept = memoryCache();
  const { client, answers } = clientOf({}, { manifest: young, cache: kept });
  await client.load();
  await client.screen('home');
  answers['latest.json'] = GONE;
  answers['home.json'] = GONE;
  assert.equal(await codeOf(() => client.screen('home')), 'backend_unreachable');
  (await kept.get('shop')).storedAt -= 61_000;
  assert.equal(await codeOf(() => client.load()), 'backend_unreachable');
});

test('what delivery says about a decision is not kept', async () => {
  const kept = memoryCache();
  await clientOf({}, { manifest: { ...MANIFEST, deliveryMetadata: { userId: 'ada' } }, cache: kept }).client.load();
  assert.equal((await kept.get('shop')).value.deliveryMetadata, undefined);
});

test('ids that lead elsewhere are not asked for', async () => {
  assert.equal(await codeOf(() => new Client({ appId: '../x', endpoint: { baseUrl: 'https://a.example/' }, context: CONTEXT })), 'endpoint_not_configured');
  const { client, asked } = clientOf({});
  await client.load();
  for (const id of ['..', 'a/b', '', 'a%2fb', 'a?b']) assert.equal(await codeOf(() => client.screen(id)), 'screen_not_found');
  assert.equal(asked.length, 1);
});

test('errors keep what the server says', async () => {
  const { client } = clientOf({ 'latest.json': [412, { errorCode: 'host_not_enabled', message: 'No.', traceId: 't', details: { hostApp: 'site' } }] });
  await assert.rejects(client.load(), ({ code, message, details }) => code === 'host_not_enabled' && message === 'No.' && details.traceId === 't' && details.hostApp === 'site' && details.statusCode === 412);
});

test('bodies of a backend are maps', () => {
  assert.deepEqual([readBody('[1]'), readBody('3'), readBody('{"a":1}'), readBody('no'), readBody('')], [{ items: [1] }, { value: 3 }, { a: 1 }, { rawBody: 'no' }, {}]);
});

test('a backend is asked below its address only', async () => {
  const { send, asked } = answering({ list: [200, { items: [] }] });
  const connector = httpBackend({ baseUrl: 'https://b.example/api', appId: 'shop', context: CONTEXT, fetch: send });
  const ask = (endpoint, method = 'GET') => connector.send({ endpoint, method, body: { a: 1 }, authorization: 'Bearer x' });
  assert.equal((await ask('list')).status, 'success');
  assert.equal(asked[0].options.body, undefined);
  assert.equal(asked[0].options.headers.authorization, 'Bearer x');
  for (const endpoint of ['https://evil.example/', '../secret', '//evil.example/x']) assert.equal((await ask(endpoint)).errorCode, 'invalid_backend_endpoint');
  assert.equal(asked.length, 1);
});

test('answers are kept for their time, refreshed on demand, and never those that failed', async () => {
  let status = 200;
  const { send, asked } = answering({ get list() { return [status, { n: asked.length }]; } });
  const backend = new Backend(() => httpBackend({ baseUrl: 'https://b.example/', appId: 'shop', context: CONTEXT, fetch: send }), () => {}, () => {});
  const query = (more = {}) => backend.query({ requestId: 'a', endpoint: 'list', cacheTtlSeconds: 60, ...more });
  assert.equal((await query()).data.n, 1);
  assert.deepEqual([(await query()).data.n, (await query()).fromCache], [1, true]);
  assert.equal((await query({ forceRefresh: true })).data.n, 2);
  assert.equal((await query()).data.n, 2);
  status = 500;
  const failed = await query({ forceRefresh: true });
  assert.deepEqual([failed.status, failed.failed, failed.data.n, failed.hasData], ['failed', true, 2, true]);
  const [one, other] = await Promise.all([query({ requestId: 'b', endpoint: 'list', method: 'POST' }), query({ requestId: 'b', endpoint: 'list', method: 'POST' })]);
  assert.equal(one, other);
});

test('an answer of an earlier load is dropped', async () => {
  let release = () => {};
  const waiting = new Promise((resolve) => { release = resolve; });
  const backend = new Backend(() => ({ send: async () => { await waiting; return { status: 'success', data: { late: true } }; } }), () => {}, () => {});
  const query = backend.query({ requestId: 'a', endpoint: 'x' });
  backend.stop();
  release(undefined);
  await query;
  assert.equal(backend.snapshot('a').idle, true);
});

test('a frame may talk to plain origins only', () => {
  const rules = policy({ serverDomains: ['api.example', "https://x.example'; script-src *", 'javascript:alert(1)', 'https://b.example:8443'], webviewDomains: [], nonce: 'n', script: '' });
  assert.match(rules, /connect-src https:\/\/api\.example https:\/\/b\.example:8443;/);
  assert.match(rules, /frame-src 'none'/);
  assert.match(rules, /script-src 'nonce-n';/);
});
