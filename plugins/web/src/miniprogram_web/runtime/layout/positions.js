/** Where boxes stand in the picture: rectangles relative to the outermost box, and what clips leave of them. */

/** @typedef {import('./types.js').Box} Box @typedef {{x: number, y: number, width: number, height: number}} Rectangle */

/**
 * @typedef {object} Position
 * @property {Box} box
 * @property {Rectangle} rectangle  scaled boxes inside a fittedBox as they appear
 * @property {Rectangle | null} visible  inside everything that clips; null when nothing is left
 */

/** @param {Rectangle} a @param {Rectangle} b @returns {Rectangle | null} */
function intersection(a, b) {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

const EVERYWHERE = { x: -1e9, y: -1e9, width: 2e9, height: 2e9 };

/**
 * Every box with its rectangle, parents before children.
 * @param {Box} box @param {number} [x] @param {number} [y] @param {{x: number, y: number}} [scale] @param {Rectangle | null} [clip]
 * @returns {Generator<Position>}
 */
export function* positions(box, x = 0, y = 0, scale = { x: 1, y: 1 }, clip = EVERYWHERE) {
  const rectangle = { x, y, width: box.width * scale.x, height: box.height * scale.y };
  yield { box, rectangle, visible: clip && intersection(rectangle, clip) };
  const inner = box.hidden ? null : box.clips ? clip && intersection(rectangle, clip) : clip;
  const scrolled = box.scroll?.start ?? 0;
  const back = box.scroll?.reversed ? -scrolled : scrolled;
  const [left, top] = box.scroll?.axis === 'vertical' ? [0, back] : [back, 0];
  for (const child of box.children) {
    const own = child.scale ? { x: scale.x * child.scale.x, y: scale.y * child.scale.y } : scale;
    yield* positions(child.box, x + (child.x - left) * scale.x, y + (child.y - top) * scale.y, own, inner);
  }
}
