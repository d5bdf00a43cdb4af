/** Writes a text into an element, broken where layout broke it. Always text, never markup. */

import { fontOf } from './browser_text.js';

/** @typedef {import('../layout/types.js').Box} Box */

const ALIGN = new Set(['left', 'right', 'center', 'justify', 'start', 'end']);

/** @param {HTMLElement} element @param {Box} box  with a text */
export function writeText(element, box) {
  const { lines, cut, height, style } = /** @type {import('../layout/types.js').BoxText} */ (box.text);
  const own = element.style;
  own.font = fontOf(style);
  own.lineHeight = `${lines.length ? height / lines.length : height}px`;
  own.letterSpacing = `${style.letterSpacing}px`;
  own.wordSpacing = `${style.wordSpacing}px`;
  own.whiteSpace = 'pre';
  own.textRendering = 'geometricPrecision';
  const align = box.node.textAlign;
  if (ALIGN.has(align)) own.textAlign = align;
  if (cut || box.node.softWrap === false) own.overflow = box.node.overflow === 'visible' ? 'visible' : 'clip';
  if (cut && box.node.overflow === 'ellipsis') writeWithEllipsis(element, lines);
  else element.textContent = lines.join('\n');
}

/** The last line goes on behind its end, and the browser cuts it. @param {HTMLElement} element @param {string[]} lines */
function writeWithEllipsis(element, lines) {
  const last = element.ownerDocument.createElement('span');
  Object.assign(last.style, { display: 'block', overflow: 'hidden', textOverflow: 'ellipsis' });
  // One more letter than fits, so that the browser has something to cut off.
  last.textContent = `${lines.at(-1)} …………`;
  element.append(lines.slice(0, -1).map((line) => `${line}\n`).join(''), last);
}
