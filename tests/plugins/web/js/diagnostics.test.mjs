/** What Flutter complains about, in its own sentences and with the JSON path. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { box, column, lay, row } from './engine.mjs';

const list = (more = {}) => ({ type: 'listView', children: [box(null, 30)], ...more });

/** name, tree, code, path, sentence */
const COMPLAINTS = [
  ['a row too long', row(box(300, 20), box(170, 20)), 'overflow', '$', 'A RenderFlex overflowed by 70 pixels on the right.'],
  ['a column too long', column(box(20, 250), box(20, 56.5)), 'overflow', '$', 'A RenderFlex overflowed by 6.5 pixels on the bottom.'],
  ['less than a pixel', row(box(400.25, 20)), 'overflow', '$', 'A RenderFlex overflowed by 0.250 pixels on the right.'],
  ['an overflow deep inside', box(100, 100, { child: column(row(box(150, 10))) }), 'overflow', '$.child.children[0]', 'A RenderFlex overflowed by 50 pixels on the right.'],
  ['expanded in a column inside a column', column(column({ type: 'expanded', child: box() })), 'unbounded_flex', '$.children[0]',
    'RenderFlex children have non-zero flex but incoming height constraints are unbounded.'],
  ['spacer in a row inside a row', row(row({ type: 'spacer' })), 'unbounded_flex', '$.children[0]',
    'RenderFlex children have non-zero flex but incoming width constraints are unbounded.'],
  ['flexible in a scrolling column', { type: 'singleChildScrollView', child: column({ type: 'flexible', child: box(5, 5) }) }, 'unbounded_flex', '$.child',
    'RenderFlex children have non-zero flex but incoming height constraints are unbounded.'],
  ['a list in a column', column(list()), 'unbounded_viewport', '$.children[0]', 'Vertical viewport was given unbounded height.'],
  ['a list in a scroll view', { type: 'singleChildScrollView', child: list() }, 'unbounded_viewport', '$.child', 'Vertical viewport was given unbounded height.'],
  ['a list in a row', row(list()), 'unbounded_viewport', '$.children[0]', 'Vertical viewport was given unbounded width.'],
  ['a sideways list in a row', row(list({ scrollDirection: 'horizontal' })), 'unbounded_viewport', '$.children[0]', 'Horizontal viewport was given unbounded width.'],
  ['a sideways list in a column', column(list({ scrollDirection: 'horizontal' })), 'unbounded_viewport', '$.children[0]', 'Horizontal viewport was given unbounded height.'],
  ['a list in a list', list({ children: [list()] }), 'unbounded_viewport', '$.children[0]', 'Vertical viewport was given unbounded height.'],
  ['a grid in a column', column({ type: 'gridView', crossAxisCount: 2, children: [box()] }), 'unbounded_viewport', '$.children[0]', 'Vertical viewport was given unbounded height.'],
  ['slivers in a column', column({ type: 'customScrollView', slivers: [] }), 'unbounded_viewport', '$.children[0]', 'Vertical viewport was given unbounded height.'],
  ['pages in a column', column({ type: 'pageView', children: [box()] }), 'unbounded_viewport', '$.children[0]', 'Horizontal viewport was given unbounded height.'],
  ['infinite width in a row', row({ type: 'sizedBox', width: 'infinity', height: 5, child: box(5, 5) }), 'infinite_size', '$.children[0]', 'BoxConstraints forces an infinite width.'],
  ['infinite width in a row, alone', row({ type: 'sizedBox', width: 'infinity' }), 'infinite_size', '$.children[0]', 'RenderConstrainedBox object was given an infinite size during layout.'],
  ['maxFinite height in a column', column(box(5, 1.7976931348623157e308, { child: box(1, 1) })), 'infinite_size', '$.children[0]', 'BoxConstraints forces an infinite height.'],
  ['stretch without a height', { type: 'singleChildScrollView', child: { type: 'row', crossAxisAlignment: 'stretch', children: [box(5, 5)] } }, 'infinite_size', '$.child', 'BoxConstraints forces an infinite height.'],
  ['a ratio without bounds', row(column({ type: 'aspectRatio', aspectRatio: 2, child: box() })), 'infinite_size', '$.children[0].children[0]', 'RenderAspectRatio has unbounded constraints.'],
  ['a negative width', { type: 'sizedBox', width: -5 }, 'invalid_constraints', '$', 'BoxConstraints has a negative minimum width.'],
  ['a negative height', box(5, -5), 'invalid_constraints', '$', 'BoxConstraints has a negative minimum height.'],
  ['least above most', { type: 'constrainedBox', constraints: { minWidth: 50, maxWidth: 20 }, child: box(1, 1) }, 'invalid_constraints', '$', 'BoxConstraints has non-normalized width or height constraints.'],
  ['negative padding', { type: 'padding', padding: -3, child: box(5, 5) }, 'negative_padding', '$', "'padding.isNonNegative': is not true."],
  ['one negative side', box(5, 5, { padding: [0, 0, -1, 0], child: box(1, 1) }), 'negative_padding', '$', "'padding.isNonNegative': is not true."],
  ['negative margin', box(5, 5, { margin: { left: -2 } }), 'negative_padding', '$', "'margin.isNonNegative': is not true."],
  ['opacity 5', { type: 'opacity', opacity: 5, child: box(5, 5) }, 'invalid_value', '$', "'opacity >= 0.0 && opacity <= 1.0': is not true."],
  ['expanded in a stack', { type: 'stack', children: [{ type: 'expanded', child: box(5, 5) }] }, 'misplaced', '$.children[0]',
    'Incorrect use of ParentDataWidget: Expanded must be placed directly inside a row or a column.'],
  ['expanded below padding', row({ type: 'padding', padding: 1, child: { type: 'expanded', child: box(5, 5) } }), 'misplaced', '$.children[0].child',
    'Incorrect use of ParentDataWidget: Expanded must be placed directly inside a row or a column.'],
  ['positioned in a column', column({ type: 'positioned', left: 1, child: box(5, 5) }), 'misplaced', '$.children[0]',
    'Incorrect use of ParentDataWidget: Positioned must be placed directly inside a stack.'],
  ['rows of different length', { type: 'table', children: [{ children: [box(1, 1)] }, { children: [box(1, 1), box(1, 1)] }] }, 'misplaced', '$', 'Table contains irregular row lengths.'],
  ['a box among slivers', { type: 'customScrollView', slivers: [box(5, 5)] }, 'misplaced', '$.slivers[0]', 'A RenderViewport expected a child of type RenderSliver but received a child of type RenderConstrainedBox.'],
  ['a sliver among boxes', column({ type: 'sliverList', children: [] }), 'misplaced', '$.children[0]',
    'A child of type RenderBox was expected, but a child of type RenderSliverList was received: slivers belong into a customScrollView.'],
  ['the intrinsic height of a list', { type: 'intrinsicHeight', child: list() }, 'no_intrinsics', '$.child', 'RenderViewport does not support returning intrinsic dimensions.'],
  ['a type that nobody knows', column({ type: 'marquee' }), 'unknown_type', '$.children[0]', 'No layout is known for "marquee".'],
  ['a type from the prototype of objects', column({ type: 'constructor' }), 'unknown_type', '$.children[0]', 'No layout is known for "constructor".'],
];

for (const [name, tree, code, path, message] of COMPLAINTS) {
  test(`${name}: ${code}`, () => {
    const { diagnostics } = lay(tree);

    assert.deepEqual(diagnostics.map(({ code: c, path: p, message: m }) => [c, p, m])[0], [code, path, message]);
  });
}

test('a complaint is made once, however often a node is laid out', () => {
  const inner = row(box(300, 10), box(300, 10));
  const { diagnostics } = lay({ type: 'table', children: [{ children: [{ type: 'tableCell', verticalAlignment: 'intrinsicHeight', child: inner }] }] });

  assert.equal(diagnostics.length, 1);
});

test('asking for intrinsic sizes complains about nothing', () => {
  // Asked, the wrap is told of 100 pixels, which its row overflows; laid out it has 300.
  const wide = { type: 'sizedBox', width: 300, child: { type: 'wrap', children: [row(box(200, 5))] } };
  const { diagnostics } = lay({ type: 'intrinsicHeight', child: { type: 'singleChildScrollView', scrollDirection: 'horizontal', child: wide } }, 100);

  assert.deepEqual(diagnostics, []);
});

test('a diagnostic names the widget that a node was made for', () => {
  const { diagnostics } = lay({ ...row(box(500, 5)), jsonPath: '$.body.title' });

  assert.equal(diagnostics[0].path, '$.body.title');
});

/** Everything that a painter reads of a box and of what is in it. */
const numbers = (box) => [box.width, box.height, ...box.children.flatMap(({ x, y, box: child }) => [x, y, ...numbers(child)])];

for (const [name, tree] of COMPLAINTS) {
  test(`after the complaint there is a layout all the same: ${name}`, () => {
    assert.ok(numbers(lay(tree).box).every(Number.isFinite));
  });
}
