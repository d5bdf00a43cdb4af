/** Readers for the value forms of Stac JSON: a number or a word, three spellings of edges, names of alignments. */

/** @typedef {import('./types.js').Edges} Edges @typedef {import('./types.js').Alignment} Alignment @typedef {import('./types.js').Direction} Direction */

const WORDS = { infinity: Infinity, negativeInfinity: -Infinity, nan: NaN, minPositive: Number.MIN_VALUE, maxFinite: Number.MAX_VALUE };

/** A number, one of Stac's words for one, or numeric text; null for anything else. @param {unknown} value @returns {number | null} */
export function number(value) {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const found = Object.hasOwn(WORDS, value) ? WORDS[/** @type {keyof typeof WORDS} */ (value)] : Number(value);
  return Number.isNaN(found) ? null : found;
}

/** Lengths from the largest double upwards stand for "all there is". @param {unknown} value @returns {number | null} */
export function length(value) {
  const found = number(value);
  return found !== null && found >= Number.MAX_VALUE ? Infinity : found;
}

export const NO_EDGES = Object.freeze({ left: 0, top: 0, right: 0, bottom: 0 });

/**
 * Edges from a number, from [left, top, right, bottom] or from an object; other keys of the object count for nothing.
 * @param {any} value @returns {Edges}
 */
export function edges(value) {
  const all = number(value);
  if (all !== null) return { left: all, top: all, right: all, bottom: all };
  if (!value || typeof value !== 'object') return NO_EDGES;
  const [left, top, right, bottom] = Array.isArray(value) ? value : [value.left, value.top, value.right, value.bottom];
  return { left: number(left) ?? 0, top: number(top) ?? 0, right: number(right) ?? 0, bottom: number(bottom) ?? 0 };
}

/** @param {any} value @returns {import('./types.js').Constraints | null} */
export function boxConstraints(value) {
  if (!value || typeof value !== 'object') return null;
  return {
    minWidth: length(value.minWidth) ?? 0, maxWidth: length(value.maxWidth) ?? Infinity,
    minHeight: length(value.minHeight) ?? 0, maxHeight: length(value.maxHeight) ?? Infinity,
  };
}

const VERTICAL = { top: -1, center: 0, bottom: 1 };
const HORIZONTAL = { Left: -1, Center: 0, Right: 1 };

/**
 * An alignment name (topLeft …, topStart …, center) or {dx, dy}, with start and end resolved.
 * @param {any} value @param {Direction} direction @param {string} fallback @returns {Alignment}
 */
export function alignment(value, direction, fallback) {
  if (value && typeof value === 'object') return { x: number(value.dx) ?? 0, y: number(value.dy) ?? 0 };
  const match = /^(top|center|bottom)(Left|Center|Right|Start|End)$/.exec(value ?? fallback);
  if (!match) return { x: 0, y: 0 };
  const y = VERTICAL[/** @type {keyof typeof VERTICAL} */ (match[1])];
  if (match[2] === 'Start' || match[2] === 'End') return { x: (match[2] === 'Start') === (direction === 'ltr') ? -1 : 1, y };
  return { x: HORIZONTAL[/** @type {keyof typeof HORIZONTAL} */ (match[2])], y };
}

/** Where a child stands inside its parent. @param {Alignment} at @param {number} width  left over @param {number} height  left over */
export const along = (at, width, height) => ({ x: (width / 2) * (1 + at.x), y: (height / 2) * (1 + at.y) });

/** The nodes of a slot for several; nothing of what is no list. @param {any} value @returns {any[]} */
export const nodes = (value) => (Array.isArray(value) ? value : []);
