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

/** @param {TextRequest} request */
const requestKey = ({ text, style, runs }) =>
  `${(runs ?? [{ end: text.length, style }]).map((run) => `${run.end} ${styleKey(run.style)} ${run.style.height} ${run.style.even ?? ''}`).join('|')}\n${text}`;

/**
 * Height and baseline of a line with letters of these styles. Where a style has a `height`, the font's ascent and descent are
 * stretched to it in proportion, or, where it is `even`, get half of what is left each.
 * @param {TextStyle[]} styles @param {(style: TextStyle) => {ascent: number, descent: number}} metricsOf  in parts of the font size
 */
export function lineBox(styles, metricsOf) {
  const parts = styles.map((style) => {
    const { ascent, descent } = metricsOf(style);
    if (style.height === undefined) return [Math.round(style.fontSize * ascent), Math.round(style.fontSize * descent)];
    const height = style.fontSize * style.height;
    if (style.even) {
      const half = (height - style.fontSize * (ascent + descent)) / 2;
      return [half + style.fontSize * ascent, half + style.fontSize * descent];
    }
    return [(ascent / (ascent + descent)) * height, (descent / (ascent + descent)) * height];
  });
  const baseline = Math.max(...parts.map(([above]) => above));
  return { height: Math.round(baseline + Math.max(...parts.map(([, below]) => below))), baseline };
}

/** The runs that have a part of [start, end), or stand where nothing is. @param {TextRequest} request @param {number} start @param {number} end */
export function runsIn({ text, style, runs }, start, end) {
  let from = 0;
  const all = (runs ?? [{ end: text.length, style }]).map((run) => {
    const part = { start: Math.max(start, from), end: Math.min(end, run.end), style: run.style };
    from = run.end;
    return part;
  });
  const some = all.filter((part) => part.end > part.start);
  return some.length ? some : [all.find((part) => part.end >= part.start) ?? all[all.length - 1]];
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
  const rangeWidth = (/** @type {TextRequest} */ request, /** @type {number} */ start, /** @type {number} */ end) =>
    end > start ? runsIn(request, start, end).reduce((sum, run) => sum + width(request.text.slice(run.start, run.end), run.style), 0) : 0;

  return {
    prepare,
    naturalWidth: (request) => Math.max(0, ...hardLines(request.text).map(({ start, end }) => rangeWidth(request, start, end))),
    longestWord: (request) => Math.max(0, ...hardLines(request.text).flatMap(({ start, text }) => {
      let from = start;
      return pieces(text).map((piece) => {
        from += piece.length;
        return rangeWidth(request, from - piece.length, from - piece.length + piece.replace(/ +$/, '').length);
      });
    })),
    wrap(request, maxWidth, { maxLines = null, ellipsis = false } = {}) {
      return cached(wrapped, `${maxWidth} ${maxLines} ${ellipsis} ${requestKey(request)}`, () => {
        const whole = [];
        let limit = maxLines ?? Infinity;
        for (const { start, end, text } of hardLines(request.text)) {
          const all = rangeWidth(request, start, end);
          // An ellipsis without a line limit ends the text with the first line that is too long.
          if (all > maxWidth && ellipsis) limit = Math.min(limit, maxLines ?? whole.length + 1);
          const broken = all <= maxWidth ? [{ start: 0, end: text.length, width: all }] : breakLine(text, maxWidth, (from, to) => rangeWidth(request, start + from, start + to));
          whole.push(...broken.map((line) => ({ start: start + line.start, end: start + line.end, width: line.width })));
        }
        const boxes = whole.slice(0, limit).map((line) => ({ ...line, ...lineBox(runsIn(request, line.start, line.end).map((run) => run.style), metricsOf) }));
        return {
          width: Math.max(0, ...boxes.map((line) => line.width)), height: boxes.reduce((sum, line) => sum + line.height, 0),
          baseline: boxes[0].baseline, lines: boxes, cut: boxes.length < whole.length,
        };
      });
    },
  };
}

/** The lines that the text itself breaks. @param {string} text */
function hardLines(text) {
  let start = 0;
  return text.split('\n').map((line) => {
    const found = { start, end: start + line.length, text: line };
    start = found.end + 1;
    return found;
  });
}
