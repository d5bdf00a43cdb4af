/** Measuring texts: what is asked, how often, and where lines break. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breakLine, pieces } from '../../../../plugins/web/src/miniprogram_web/runtime/layout/line_breaks.js';
import { BODY, textStyle } from '../../../../plugins/web/src/miniprogram_web/runtime/layout/text_style.js';
import { wrappingMeasurer } from '../../../../plugins/web/src/miniprogram_web/runtime/layout/wrapped_text.js';
import { column, lay, tenPixels } from './engine.mjs';

const STYLE = { fontSize: 14, letterSpacing: 0, wordSpacing: 0, fontWeight: 400 };

function counting() {
  const asked = [];
  const measurer = wrappingMeasurer({
    widthOf: (text) => asked.push(text) && text.length * 10,
    metricsOf: () => ({ ascent: 0.9, descent: 0.2 }),
  });
  return { asked, measurer };
}

test('a text is measured once per style, and wrapped once per width', () => {
  const { asked, measurer } = counting();
  const request = { text: 'one two', style: STYLE };

  measurer.naturalWidth(request);
  measurer.wrap(request, 50);
  const after = asked.length;
  measurer.naturalWidth({ ...request });
  measurer.wrap({ ...request }, 50);

  assert.equal(asked.length, after);
  assert.equal(asked.filter((text) => text === 'one two').length, 1);
});

test('another style is measured again', () => {
  const { asked, measurer } = counting();

  measurer.naturalWidth({ text: 'one', style: STYLE });
  measurer.naturalWidth({ text: 'one', style: { ...STYLE, fontWeight: 700 } });

  assert.equal(asked.length, 2);
});

test('a text that fits is not taken apart', () => {
  const { asked, measurer } = counting();

  measurer.wrap({ text: 'one two three', style: STYLE }, 1000);

  assert.deepEqual(asked, ['one two three']);
});

test('all texts of a tree are told before the first is measured', () => {
  const measurer = tenPixels();
  const text = (data) => ({ type: 'text', data });
  lay(column(text('a'), { type: 'padding', child: text('b') }, { type: 'customScrollView', shrinkWrap: true, slivers: [{ type: 'sliverToBoxAdapter', child: text('c') }] }), 400, 300, { measurer });

  assert.deepEqual(measurer.asked.map((request) => request.text), ['a', 'b', 'c']);
});

const BREAKS = [
  ['one two', ['one ', 'two']],
  ['one  two', ['one  ', 'two']],
  ['well-known', ['well-', 'known']],
  ['call 12-34', ['call ', '12-34']],
  ['and/or', ['and/', 'or']],
  ['1/2', ['1/2']],
  ['wait... what?!', ['wait... ', 'what?!']],
  ['yes!no', ['yes!', 'no']],
  ['(a) b', ['(a) ', 'b']],
  ['before—after', ['before', '—', 'after']],
  ['漢字です。', ['漢', '字', 'で', 'す。']],
  ['', []],
];

for (const [text, wanted] of BREAKS) {
  test(`"${text}" may break into ${wanted.length}`, () => assert.deepEqual(pieces(text), wanted));
}

test('a word wider than the line is broken where it stands', () => {
  const text = 'A longer word';
  const lines = breakLine(text, 40, (start, end) => (end - start) * 10);

  assert.deepEqual(lines.map(({ start, end }) => text.slice(start, end)), ['A lo', 'nger', 'word']);
});

const STYLES = [
  ['a name', 'titleLarge', { fontSize: 22 }],
  ['a name of no style', 'gigantic', { fontSize: BODY.fontSize }],
  ['a theme style', { type: 'theme', textTheme: 'labelSmall' }, { fontSize: 11, fontWeight: 500 }],
  ['the older spelling', { styleFromTheme: 'bodyLarge', fontSize: 20 }, { fontSize: 20, letterSpacing: 0.5 }],
  ['own values', { fontSize: 30, fontWeight: 'bold' }, { fontSize: 30, fontWeight: 700, letterSpacing: 0.25 }],
  ['nothing', undefined, { fontSize: 14, height: 1.43 }],
];

for (const [name, value, wanted] of STYLES) {
  test(`a style by ${name}`, () => {
    const found = textStyle(value, BODY, 1);
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, found[key]])), wanted);
  });
}

const SPANS = {
  type: 'text', data: 'body ', style: { letterSpacing: 0 }, children: [{ text: 'big ', style: { fontSize: 28 }, children: [{ text: 'inner', style: { fontWeight: 'bold' } }] }, { text: '' }],
};

test('a span has its own style on top of the one it stands in, and an empty one none', () => {
  const { box: found } = lay(SPANS, 400, 300, { measurer: counting().measurer });
  const runs = found.text.request.runs.map(({ end, style }) => [end, style.fontSize, style.fontWeight, style.letterSpacing]);

  assert.equal(found.text.request.text, 'body big inner');
  assert.deepEqual(runs, [[5, 14, 400, 0], [9, 28, 400, 0], [14, 28, 700, 0]]);
});

test('a line is as high as its highest letters', () => {
  const { box: found } = lay({ ...SPANS, data: 'one two' }, 80, 300, { measurer: counting().measurer });

  assert.deepEqual(found.text.lines.map(({ height }) => height), [20, 40, 40]);
});

test('a very long word is broken without measuring all of it for every line', () => {
  const text = 'x'.repeat(20_000);
  let measured = 0;

  const lines = breakLine(text, 500, (start, end) => { measured += end - start; return (end - start) * 10; });

  assert.equal(lines.length, 400);
  assert.equal(lines.map(({ start, end }) => text.slice(start, end)).join(''), text);
  assert.ok(measured < 150 * text.length, `${measured} characters were measured`);
});
