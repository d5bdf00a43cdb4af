/**
 * A measurer out of two facts about a font: how wide a text is in one line, and how high and how deep its letters are.
 * Widths are kept by (text, style), wrapped texts by (text, style, width).
 */

import { breakLine, pieces } from './line_breaks.js';

/** @typedef {import('./types.js').TextRequest} TextRequest @typedef {import('./types.js').TextStyle} TextStyle @typedef {import('./types.js').TextLayout} TextLayout */

/** Entries after which the oldest are dropped: a screen has hundreds of texts, not thousands. */
const MOST_ENTRIES = 4000;

/** @template T @param {Map<string, T>} cache @param {string} key @param {() => T} make @returns {T} */
function cached(cache, key, make) {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (cache.size >= MOST_ENTRIES) cache.delete(/** @type {string} */ (cache.keys().next().value));
  cache.set(key, made);
  return made;
}

/** @param {TextStyle} style */
export const styleKey = (style) =>
  `${style.fontSize} ${style.fontWeight} ${style.letterSpacing} ${style.wordSpacing} ${style.fontStyle ?? ''} ${style.fontFamily ?? ''}`;

/**
 * Height and baseline of a line. With a `height` the font's ascent and descent are stretched to it in proportion.
 * @param {TextStyle} style @param {{ascent: number, descent: number}} font  in parts of the font size
 */
export function lineBox(style, font) {
  const ascent = style.fontSize * font.ascent;
  const descent = style.fontSize * font.descent;
  if (style.height === undefined) return { height: Math.round(ascent) + Math.round(descent), baseline: Math.round(ascent) };
  const height = style.fontSize * style.height;
  return { height: Math.round(height), baseline: (font.ascent / (font.ascent + font.descent)) * height };
}

/**
 * @param {object} font
 * @param {(text: string, style: TextStyle) => number} font.widthOf  of a text in one line, kerning and letter spacing included
 * @param {(requests: TextRequest[]) => void} [font.prepare]
 * @param {(style: TextStyle) => {ascent: number, descent: number}} font.metricsOf
 * @returns {import('./types.js').TextMeasurer}
 */
export function wrappingMeasurer({ widthOf, prepare = () => {}, metricsOf }) {
  const widths = new Map();
  const wrapped = new Map();
  const width = (/** @type {string} */ text, /** @type {TextStyle} */ style) =>
    text === '' ? 0 : cached(widths, `${styleKey(style)}\n${text}`, () => Math.max(0, widthOf(text, style)));

  const naturalWidth = (/** @type {TextRequest} */ { text, style }) =>
    Math.max(0, ...text.split('\n').map((line) => width(line, style)));

  return {
    prepare,
    naturalWidth,
    longestWord: ({ text, style }) =>
      Math.max(0, ...text.split('\n').flatMap((line) => pieces(line).map((piece) => width(piece.replace(/ +$/, ''), style)))),
    wrap(request, maxWidth, { maxLines = null, ellipsis = false } = {}) {
      const { text, style } = request;
      return cached(wrapped, `${styleKey(style)} ${style.height} ${maxWidth} ${maxLines} ${ellipsis}\n${text}`, () => {
        const whole = [];
        let limit = maxLines ?? Infinity;
        for (const line of text.split('\n')) {
          const all = width(line, style);
          // An ellipsis without a line limit ends the text with the first line that is too long.
          if (all > maxWidth && ellipsis) limit = Math.min(limit, maxLines ?? whole.length + 1);
          whole.push(...(all <= maxWidth ? [{ text: line, width: all }] : breakLine(line, maxWidth, (part) => width(part, style))));
        }
        const shown = whole.slice(0, limit);
        const { height, baseline } = lineBox(style, metricsOf(style));
        return {
          width: Math.max(0, ...shown.map((line) => line.width)), height: height * shown.length, baseline,
          lines: shown.map((line) => line.text), cut: shown.length < whole.length,
        };
      });
    },
  };
}
