/** Trees that break every rule still end, without an exception and with numbers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { robotoMeasurer } from '../../../../plugins/web/src/miniprogram_web/runtime/headless/roboto.js';
import { screenNode } from '../../../../plugins/web/src/miniprogram_web/runtime/headless/screen_nodes.js';
import { RULES } from '../../../../plugins/web/src/miniprogram_web/runtime/layout/engine.js';
import { box, lay, row } from './engine.mjs';

const SEED = 20;
const MUTATIONS = 6000;
const JUNK = [
  null, true, false, -1, 0, -0, 1e308, 1e-308, 'infinity', 'negativeInfinity', 'nan', 'maxFinite', 'minPositive', '', ' ', '12', 'start', 'constructor', '__proto__',
  'toString', [], [1], ['a', null], [[]], {}, { left: 'nan' }, { dx: 'infinity', dy: -1 }, { type: 'row' }, { type: 7 }, { minWidth: 9, maxWidth: 3 }, { type: 'text', data: 'x\n\ny' },
];

/** Numbers that look random and are the same every time (mulberry32). */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const numbers = (of) => [of.width, of.height, ...of.children.flatMap(({ x, y, box: child, scale }) => [x, y, scale?.x ?? 1, scale?.y ?? 1, ...numbers(child)])];

/** Every object and list of a tree. */
const holders = (value) => (value && typeof value === 'object' ? [value, ...Object.values(value).flatMap(holders)] : []);

const CASES = ['random-7', 'random-5', 'table', 'intrinsic', 'stack', 'text'].flatMap((family) =>
  Object.values(JSON.parse(readFileSync(new URL(`../../../conformance/layout/${family}.json`, import.meta.url), 'utf-8')).cases));
const TYPES = [...Object.keys(RULES), 'sliverList', 'scaffold', 'listTile', 'image'];
const PROPERTIES = ['width', 'height', 'flex', 'padding', 'alignment', 'spacing', 'child', 'children', 'slivers', 'constraints', 'crossAxisCount', 'childAspectRatio', 'style', 'maxLines',
  'aspectRatio', 'widthFactor', 'viewportFraction', 'initialPage', 'columnWidths', 'fit', 'margin', 'textScaleFactor', 'decoration', 'rect', 'left', 'data'];

test('a value of another kind anywhere in a tree', () => {
  const next = chance(SEED);
  const measurer = robotoMeasurer();
  for (let at = 0; at < MUTATIONS; at += 1) {
    const tree = structuredClone(CASES[next(CASES.length)].tree);
    for (let changes = 1 + next(3); changes; changes -= 1) {
      const all = holders(tree);
      const holder = all[next(all.length)];
      const keys = [...Object.keys(holder), PROPERTIES[next(PROPERTIES.length)]];
      const key = keys[next(keys.length)];
      holder[key] = key === 'type' ? TYPES[next(TYPES.length)] : structuredClone(JUNK[next(JUNK.length)]);
    }
    const told = JSON.stringify(tree);
    let found;
    try {
      found = lay(next(2) ? tree : screenNode(tree), 400, 300, { measurer, direction: next(2) ? 'ltr' : 'rtl' }).box;
    } catch (error) {
      assert.fail(`${error.stack.split('\n').slice(0, 3).join(' ')} for ${told}`);
    }
    const bad = numbers(found).find((value) => !Number.isFinite(value));
    assert.equal(bad, undefined, told);
  }
});

test('nested tables whose cells are laid out twice take no time that doubles with each level', () => {
  let tree = box(5, 5);
  for (let level = 0; level < 60; level += 1) {
    tree = { type: 'table', children: [{ children: [{ type: 'tableCell', verticalAlignment: 'intrinsicHeight', child: tree }, box(3, 3)] }] };
  }

  assert.equal(lay(tree).box.children.length, 2);
});

test('nested intrinsic sizes take no time that doubles with each level', () => {
  let tree = row(box(5, 5), { type: 'text', data: 'abc' });
  for (let level = 0; level < 60; level += 1) tree = { type: level % 2 ? 'intrinsicWidth' : 'intrinsicHeight', child: row(tree, box(1, 1)) };

  assert.ok(lay(tree).box.width > 0);
});

test('a tree too deep is cut, and said so', () => {
  let tree = box(5, 5);
  for (let level = 0; level < 20_000; level += 1) tree = { type: 'padding', padding: 0, child: tree };
  const told = [];
  const { box: found } = lay(screenNode(tree, {}, ({ code }) => told.push(code)));

  assert.equal(found.width, 0);
  assert.deepEqual(told, ['too_deep']);
});

test('the same node in many places is laid out in each of them', () => {
  const shared = box(10, 10);
  const { box: found } = lay(row(shared, shared, shared));

  assert.deepEqual(found.children.map(({ x, box: { path } }) => [x, path]), [[0, '$.children[0]'], [10, '$.children[1]'], [20, '$.children[2]']]);
});
