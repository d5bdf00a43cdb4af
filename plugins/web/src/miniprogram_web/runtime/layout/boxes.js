/** Makes boxes: the results of layout rules. */

/** @typedef {import('./types.js').Box} Box @typedef {import('./types.js').LayoutNode} LayoutNode @typedef {import('./types.js').Size} Size */

/** @param {LayoutNode} node @param {string} path @param {Size} size @returns {Box} */
export const leaf = (node, path, size) => ({ node, path, width: size.width, height: size.height, children: [], baseline: null });

/**
 * A box around one other, whose baseline it takes over.
 * @param {LayoutNode} node @param {string} path @param {Size} size @param {Box} child @param {number} [x] @param {number} [y] @returns {Box}
 */
export const around = (node, path, size, child, x = 0, y = 0) => ({
  node, path, width: size.width, height: size.height, children: [{ x, y, box: child }],
  baseline: child.baseline === null ? null : child.baseline + y,
});

/**
 * A box with several others; its baseline is the highest one among them.
 * @param {LayoutNode} node @param {string} path @param {Size} size @param {import('./types.js').PlacedBox[]} children @returns {Box}
 */
export const holding = (node, path, size, children) => ({
  node, path, width: size.width, height: size.height, children, baseline: highestBaseline(children),
});

/** @param {import('./types.js').PlacedBox[]} children */
function highestBaseline(children) {
  const found = children.filter(({ box }) => box.baseline !== null).map(({ y, box }) => y + /** @type {number} */ (box.baseline));
  return found.length ? Math.min(...found) : null;
}
