/** Readers for the value forms of Stac JSON: a number or a word, three spellings of edges, names of alignments. */

/** @typedef {import('./types.js').Edges} Edges @typedef {import('./types.js').Alignment} Alignment @typedef {import('./types.js').Direction} Direction */

const WORDS = { infinity: Infinity, negativeInfinity: -Infinity, nan: NaN, minPositive: Number.MIN_VALUE, maxFinite: Number.MAX_VALUE };

/** Beyond this a length means "all there is", and any other number is a mistake: sums of them stay finite. */
const MOST = 1e9;

/** @param {unknown} value @returns {number | null} */
function parse(value) {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const found = Object.hasOwn(WORDS, value) ? WORDS[/** @type {keyof typeof WORDS} */ (value)] : Number(value);
  return Number.isNaN(found) ? null : found;
}

/** A finite number, one of Stac's words for one, or numeric text; null for anything else. @param {unknown} value @returns {number | null} */
export function number(value) {
  const found = parse(value);
  return found === null || !Number.isFinite(found) ? null : Math.min(Math.max(found, -MOST), MOST);
}

/** A number that may be infinite. @param {unknown} value @returns {number | null} */
export function length(value) {
  const found = parse(value);
  return found !== null && found > MOST ? Infinity : found === null ? null : Math.max(found, -MOST);
}

/** A number above zero, or what stands for one. @param {unknown} value @param {number} fallback */
export function positive(value, fallback) {
  const found = number(value);
  return found !== null && found > 1e-6 ? found : fallback;
}

/** A number not below zero; null for none. @param {unknown} value @returns {number | null} */
export function notNegative(value) {
  const found = number(value);
  return found === null ? null : Math.max(0, found);
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

/** As they stand, which may be the wrong way round. @param {any} value @returns {import('./types.js').Constraints | null} */
export function boxConstraints(value) {
  if (!value || typeof value !== 'object') return null;
  return {
    minWidth: length(value.minWidth) ?? 0, maxWidth: length(value.maxWidth) ?? Infinity,
    minHeight: length(value.minHeight) ?? 0, maxHeight: length(value.maxHeight) ?? Infinity,
  };
}

/** Edges without what is below zero. @param {Edges} inset @returns {Edges} */
export const outwards = ({ left, top, right, bottom }) => ({
  left: Math.max(0, left), top: Math.max(0, top), right: Math.max(0, right), bottom: Math.max(0, bottom),
});

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
