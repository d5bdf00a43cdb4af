/** Writes a text into an element, broken where layout broke it. Always text, never markup. */

import { runsIn } from '../layout/wrapped_text.js';
import { fontOf } from './browser_text.js';

/** @typedef {import('../layout/types.js').Box} Box */

const ALIGN = new Set(['left', 'right', 'center', 'justify', 'start', 'end']);

/** @param {CSSStyleDeclaration} own @param {import('../layout/types.js').TextStyle} style */
function dressText(own, style) {
  own.font = fontOf(style);
  own.letterSpacing = `${style.letterSpacing}px`;
  own.wordSpacing = `${style.wordSpacing}px`;
  Object.assign(own, style.paint);
}

/** Ascent and descent of fonts, as a browser has them in a line. @type {Map<string, {ascent: number, descent: number}>} */
const metrics = new Map();
/** @type {CanvasRenderingContext2D | null} */
let canvas = null;

/** @param {import('../layout/types.js').TextStyle} style */
function metricsOf(style) {
  const font = fontOf(style);
  let known = metrics.get(font);
  if (!known) {
    canvas ??= /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
    canvas.font = font;
    canvas.textRendering = 'geometricPrecision'; // as the text itself: some systems give a line of such letters a deeper descent
    const { fontBoundingBoxAscent, fontBoundingBoxDescent } = canvas.measureText('x');
    known = { ascent: Math.round(fontBoundingBoxAscent), descent: Math.round(fontBoundingBoxDescent) };
    metrics.set(font, known);
  }
  return known;
}

/**
 * How much lower letters stand in Flutter: it gives the room of a line to ascent and descent in proportion, a browser in halves.
 * @param {import('../layout/types.js').TextStyle} style @param {number} height  of the first line @param {number} baseline
 */
function shift(style, height, baseline) {
  const { ascent, descent } = metricsOf(style);
  return Math.max(0, baseline - (ascent + Math.floor((height - ascent - descent) / 2)));
}

/** @param {HTMLElement} element @param {Box} box  with a text */
export function writeText(element, box) {
  const { lines, cut, request, baseline } = /** @type {import('../layout/types.js').BoxText} */ (box.text);
  const own = element.style;
  dressText(own, request.style);
  own.lineHeight = `${lines[0].height}px`;
  own.paddingTop = `${Math.min(box.height, shift(request.style, lines[0].height, baseline))}px`; // a box does not grow by it
  own.whiteSpace = 'pre';
  own.textRendering = 'geometricPrecision';
  const align = box.node.textAlign;
  if (ALIGN.has(align)) own.textAlign = align;
  if (cut || box.node.softWrap === false) own.overflow = box.node.overflow === 'visible' ? 'visible' : 'clip';
  const ellipsis = cut && box.node.overflow === 'ellipsis';
  if (!request.runs && !ellipsis && align !== 'justify') element.textContent = lines.map(({ start, end }) => request.text.slice(start, end)).join('\n');
  else lines.forEach((line, at) => element.append(lineElement(element, request, line, ellipsis && at === lines.length - 1, align === 'justify' ? spread(request.text, line, box.width) : 0)));
}

/** What is added to each space of a line that goes on in the next one, so that it is as wide as its box. @param {string} text @param {import('../layout/types.js').TextLine} line @param {number} width */
function spread(text, { start, end, width: own }, width) {
  const spaces = text.slice(start, end).trimEnd().split(' ').length - 1;
  return spaces && text.slice(end).trim() && text[end] !== '\n' ? Math.max(0, width - own) / spaces : 0;
}

/**
 * One line as an element of its own: where it has several styles, or where the browser is to cut it.
 * @param {HTMLElement} element @param {import('../layout/types.js').TextRequest} request @param {import('../layout/types.js').TextLine} line @param {boolean} ellipsis @param {number} more  pixels for each space
 */
function lineElement(element, request, line, ellipsis, more) {
  const block = element.ownerDocument.createElement('span');
  Object.assign(block.style, { display: 'block', height: `${line.height}px`, lineHeight: `${line.height}px` });
  // With an ellipsis the rest of the text goes on in this line, so that the browser has something to cut off.
  const end = ellipsis ? request.text.length : line.end;
  for (const run of runsIn(request, line.start, end)) {
    const part = element.ownerDocument.createElement('span');
    dressText(part.style, run.style);
    part.style.lineHeight = `${line.height}px`;
    if (more) part.style.wordSpacing = `${run.style.wordSpacing + more}px`;
    part.textContent = request.text.slice(run.start, run.end).replaceAll('\n', ' ');
    block.append(part);
  }
  if (ellipsis) Object.assign(block.style, { overflow: 'hidden', textOverflow: 'ellipsis' });
  return block;
}
