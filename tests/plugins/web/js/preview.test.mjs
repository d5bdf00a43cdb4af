/** Parts of the preview's page that need no browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.location = { href: 'http://127.0.0.1:4280/' };
const { matches, Mocks } = await import('../../../../plugins/web/src/miniprogram_web/preview/mocks.js');
const { secureAnswer } = await import('../../../../plugins/web/src/miniprogram_web/preview/secure_api.js');
const { directionOf, ofAddress, valid } = await import('../../../../plugins/web/src/miniprogram_web/preview/settings.js');
const { nodeAt, treeOf } = await import('../../../../plugins/web/src/miniprogram_web/preview/inspect_panel.js');

for (const [match, method, target, expected] of [
  ['GET coupons/list', 'GET', 'coupons/list', true],
  ['GET coupons/list', 'GET', 'coupons/list?page=2', true],
  ['GET coupons/list?page=1', 'GET', 'coupons/list?page=2', false],
  ['GET coupons/list', 'POST', 'coupons/list', false],
  ['coupons/list', 'POST', 'coupons/list', true],
  ['GET /coupons/list', 'GET', 'coupons/list', true],
  ['coupons/*', 'GET', 'coupons/a/b', true],
  ['*', 'DELETE', 'https://example.com/x', true],
  ['GET https://example.com/(x)+', 'GET', 'https://example.com/(x)+', true],
  ['GET https://example.com/.', 'GET', 'https://example.com/x', false],
  ['', 'GET', 'coupons/list', false],
]) {
  test(`"${match}" ${expected ? 'answers' : 'does not answer'} ${method} ${target}`, () => assert.equal(matches(match, method, target), expected));
}

test('the first mock that is switched on answers, and no server is asked', async () => {
  const mocks = new Mocks('http://127.0.0.1:4280/backend/', () => {});
  mocks.set([
    { match: 'home', status: 500, body: {}, delayMs: 0, on: false },
    { match: 'home', status: 404, body: { errorCode: 'gone' }, delayMs: 0 },
    { match: '*', status: 0, body: null, delayMs: 0 },
  ]);

  const answer = await mocks.fetch('http://127.0.0.1:4280/backend/home');

  assert.equal(answer.status, 404);
  assert.deepEqual(await answer.json(), { errorCode: 'gone' });
  await assert.rejects(mocks.fetch('https://example.com/x'), /no connection/);
});

test('mocks answer for the secure API, and without one it says how', async () => {
  const mocks = new Mocks('http://127.0.0.1:4280/backend/');
  const call = { endpoint: '/orders/pay', method: 'POST', body: {} };
  mocks.set([{ match: 'POST secure_api:orders/pay', status: 200, body: { paid: true }, delayMs: 0 }, { match: 'secure_api:orders/*', status: 401, body: null, delayMs: 0 }]);

  assert.deepEqual(await secureAnswer(mocks, call), { status: 'success', data: { paid: true } });
  assert.equal((await secureAnswer(mocks, { ...call, endpoint: 'orders/list' })).errorCode, 'secure_api_unauthorized');
  const none = await secureAnswer(mocks, { ...call, endpoint: 'other' });
  assert.deepEqual([none.status, none.errorCode], ['failed', 'secure_api_not_allowlisted']);
  assert.match(none.message, /match = "POST secure_api:other"/);
});

test('an address sets what it may, and nothing else', () => {
  assert.deepEqual(ofAddress('?device=iphone&brightness=dark&textScale=1.5&landscape&capabilities=auth,analytics&zoom=fit&screen=home'), {
    device: 'iphone', brightness: 'dark', textScale: 1.5, landscape: true, capabilities: ['auth', 'analytics'], zoom: 'fit', screen: 'home',
  });
  assert.deepEqual(ofAddress('?device=toaster&brightness=blue&textScale=99&capabilities=root&__proto__=x&constructor=y&width=NaN&tab=x'), {});
  assert.deepEqual(valid({ zoom: 0.5, panel: 'yes', locale: 7 }), { zoom: 0.5 });
});

test('the direction follows the locale until it is chosen', () => {
  assert.equal(directionOf({ direction: 'auto', locale: 'ar' }), 'rtl');
  assert.equal(directionOf({ direction: 'auto', locale: 'de' }), 'ltr');
  assert.equal(directionOf({ direction: 'ltr', locale: 'he' }), 'ltr');
});

test('the tree has widgets and leaves out actions and styles', () => {
  const document = {
    type: 'column', style: { type: 'custom' }, children: [{ type: 'text', data: 'a' }, { type: 'button', onPressed: { actionType: 'x', widget: { type: 'text' } }, child: { type: 'icon' } }],
    tabs: { first: [{ type: 'card' }] },
  };
  const paths = (item) => [item.path, ...item.children.flatMap(paths)];

  assert.deepEqual(paths(treeOf(document)), ['$', '$.children[0]', '$.children[1]', '$.children[1].child', '$.tabs.first[0]']);
  for (const path of paths(treeOf(document))) assert.equal(typeof nodeAt(document, path).type, 'string');
  assert.equal(nodeAt(document, '$.children[9].child'), undefined);
});
