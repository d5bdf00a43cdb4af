/** Measures texts without a browser: Roboto's advance widths and kerning, for every text whatever its font. */

import { readFileSync } from 'node:fs';
import { wrappingMeasurer } from '../layout/wrapped_text.js';

/** @typedef {{advances: Record<string, number>, kerning: [string, Record<string, string>][]}} Weight */
/** @type {{unitsPerEm: number, ascent: number, descent: number, weights: Record<string, Weight>}} */
const FONT = JSON.parse(readFileSync(new URL('./roboto_metrics.json', import.meta.url), 'utf-8'));

/** Letters that the facts do not cover: ideographs and emoji fill a square, the rest is about as wide as an n. */
const SQUARE = /[⺀-鿿ꀀ-꓏가-힯豈-﫿︰-﹏！-｠]|\p{Extended_Pictographic}/u;

/** @param {Weight} weight @returns {Map<string, number>} of two characters */
function kerningPairs({ kerning }) {
  const pairs = new Map();
  for (const [lefts, rights] of kerning) {
    for (const [value, chars] of Object.entries(rights)) {
      for (const left of lefts) for (const right of chars) pairs.set(left + right, Number(value));
    }
  }
  return pairs;
}

const WEIGHTS = Object.entries(FONT.weights).map(([weight, facts]) => ({ weight: Number(weight), advances: facts.advances, pairs: kerningPairs(facts) }));

/** @param {number} wanted */
const nearest = (wanted) => WEIGHTS.reduce((best, each) => (Math.abs(each.weight - wanted) < Math.abs(best.weight - wanted) ? each : best));

/** @param {string} text @param {import('../layout/types.js').TextStyle} style */
export function widthOf(text, style) {
  const { advances, pairs } = nearest(style.fontWeight);
  const fontSize = Math.floor(style.fontSize * 64) / 64; // as font rasterizers take it
  let units = 0;
  let count = 0;
  let spaces = 0;
  let before = '';
  for (const char of text) {
    units += advances[char] ?? (SQUARE.test(char) ? FONT.unitsPerEm : advances.n);
    units += pairs.get(before + char) ?? 0;
    before = char;
    count += 1;
    if (char === ' ') spaces += 1;
  }
  return (units / FONT.unitsPerEm) * fontSize + count * style.letterSpacing + spaces * style.wordSpacing;
}

const METRICS = { ascent: FONT.ascent / FONT.unitsPerEm, descent: FONT.descent / FONT.unitsPerEm };

export const robotoMeasurer = () => wrappingMeasurer({ widthOf, metricsOf: () => METRICS });
