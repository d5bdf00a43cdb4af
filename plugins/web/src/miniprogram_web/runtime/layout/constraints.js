/** Box constraints and what one does with them, as in Flutter's BoxConstraints. All functions are pure. */

/** @typedef {import('./types.js').Constraints} Constraints @typedef {import('./types.js').Size} Size */

/** @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** @returns {Constraints} */
export const constraints = (minWidth = 0, maxWidth = Infinity, minHeight = 0, maxHeight = Infinity) => ({
  minWidth, maxWidth, minHeight, maxHeight,
});

/** @param {number} width @param {number} height */
export const tight = (width, height) => constraints(width, width, height, height);

/** Exactly the given lengths, no bound where one is absent. @param {number | null} [width] @param {number | null} [height] */
export const tightFor = (width, height) => constraints(width ?? 0, width ?? Infinity, height ?? 0, height ?? Infinity);

/** @param {Constraints} c */
export const loosen = (c) => constraints(0, c.maxWidth, 0, c.maxHeight);

/** The size inside `c` that is nearest to the wanted one. @param {Constraints} c @param {number} width @param {number} height */
export const constrain = (c, width, height) => ({
  width: clamp(width, c.minWidth, c.maxWidth),
  height: clamp(height, c.minHeight, c.maxHeight),
});

/** The same for a size. @param {Constraints} c @param {Size} size */
export const constrainSize = (c, size) => constrain(c, size.width, size.height);

/** `c`, but no further out than `outer` allows. @param {Constraints} c @param {Constraints} outer */
export const enforce = (c, outer) =>
  constraints(
    clamp(c.minWidth, outer.minWidth, outer.maxWidth), clamp(c.maxWidth, outer.minWidth, outer.maxWidth),
    clamp(c.minHeight, outer.minHeight, outer.maxHeight), clamp(c.maxHeight, outer.minHeight, outer.maxHeight),
  );

/** What is left inside edges. @param {Constraints} c @param {import('./types.js').Edges} edges */
export function deflate(c, { left, top, right, bottom }) {
  const minWidth = Math.max(0, c.minWidth - left - right);
  const minHeight = Math.max(0, c.minHeight - top - bottom);
  return constraints(minWidth, Math.max(minWidth, c.maxWidth - left - right), minHeight, Math.max(minHeight, c.maxHeight - top - bottom));
}

/** @param {Constraints} c */
export const hasTightWidth = (c) => c.minWidth >= c.maxWidth;
/** @param {Constraints} c */
export const hasTightHeight = (c) => c.minHeight >= c.maxHeight;
/** @param {Constraints} c */
export const isTight = (c) => hasTightWidth(c) && hasTightHeight(c);

/** Too small to have proportions. @param {Size} size */
export const isEmpty = (size) => size.width < 1e-6 || size.height < 1e-6;

/**
 * The size nearest to `size` inside `c` that keeps its proportions if it can.
 * @param {Constraints} c @param {Size} size @returns {Size}
 */
export function constrainKeepingRatio(c, size) {
  if (isTight(c)) return { width: c.minWidth, height: c.minHeight };
  if (isEmpty(size)) return constrain(c, size.width, size.height);
  const ratio = size.width / size.height;
  let { width, height } = size;
  if (width > c.maxWidth) { width = c.maxWidth; height = width / ratio; }
  if (height > c.maxHeight) { height = c.maxHeight; width = height * ratio; }
  if (width < c.minWidth) { width = c.minWidth; height = width / ratio; }
  if (height < c.minHeight) { height = c.minHeight; width = height * ratio; }
  return constrain(c, width, height);
}
