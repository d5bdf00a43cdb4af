/** Boxes that put a smaller or larger child somewhere inside: align, center, fittedBox. */

import { around, leaf } from './boxes.js';
import { constrain, constrainKeepingRatio, constrainSize, constraints, isEmpty, loosen } from './constraints.js';
import { along, alignment, notNegative } from './values.js';

/** @typedef {import('./types.js').Alignment} Alignment @typedef {import('./types.js').Rule} Rule @typedef {import('./types.js').Size} Size */

/**
 * Align takes the maximum of a bounded axis, and its child's length on an unbounded one or where it has a factor.
 * @param {import('./types.js').Constraints} c @param {Alignment} at @param {number | null} widthFactor @param {number | null} heightFactor
 * @param {(loose: import('./types.js').Constraints) => import('./types.js').Box | null} layoutInner
 */
export function aligned(c, at, widthFactor, heightFactor, layoutInner) {
  const inner = layoutInner(loosen(c));
  const wraps = (/** @type {number | null} */ factor, /** @type {number} */ most) => factor !== null || most === Infinity;
  const size = constrain(
    c,
    wraps(widthFactor, c.maxWidth) ? (inner?.width ?? 0) * (widthFactor ?? 1) : Infinity,
    wraps(heightFactor, c.maxHeight) ? (inner?.height ?? 0) * (heightFactor ?? 1) : Infinity,
  );
  const { x, y } = along(at, size.width - (inner?.width ?? 0), size.height - (inner?.height ?? 0));
  return { size, inner, x, y };
}

/**
 * @param {number | null} widthFactor @param {number | null} heightFactor
 * @param {import('./types.js').IntrinsicKind} kind @param {() => number} inner
 */
export function alignedIntrinsic(widthFactor, heightFactor, kind, inner) {
  return inner() * ((kind === 'minWidth' || kind === 'maxWidth' ? widthFactor : heightFactor) ?? 1);
}

/** @param {(node: any) => any} read @returns {Rule} */
const align = (read) => ({
  layout(node, c, path, context) {
    const at = alignment(read(node), context.direction, 'center');
    const { size, inner, x, y } = aligned(c, at, notNegative(node.widthFactor), notNegative(node.heightFactor), (loose) =>
      node.child ? context.layout(node.child, loose, `${path}.child`) : null);
    return inner ? around(node, path, size, inner, x, y) : leaf(node, path, size);
  },
  intrinsic: (node, kind, extent, path, context) =>
    alignedIntrinsic(notNegative(node.widthFactor), notNegative(node.heightFactor), kind, () => context.intrinsicOfChild(node, kind, extent, path)),
});

/** The part of the child that is shown and the part of the box that it fills. @param {string} fit @param {Size} child @param {Size} box */
function applyFit(fit, child, box) {
  const wider = box.width / box.height > child.width / child.height;
  const byWidth = { width: box.width, height: (child.height * box.width) / child.width };
  const byHeight = { width: (child.width * box.height) / child.height, height: box.height };
  switch (fit) {
    case 'fill': return { source: child, target: box };
    case 'cover': return wider
      ? { source: { width: child.width, height: (child.width * box.height) / box.width }, target: box }
      : { source: { width: (child.height * box.width) / box.height, height: child.height }, target: box };
    case 'fitWidth': return wider
      ? { source: { width: child.width, height: (child.width * box.height) / box.width }, target: box }
      : { source: child, target: byWidth };
    case 'fitHeight': return wider
      ? { source: child, target: byHeight }
      : { source: { width: (child.height * box.width) / box.height, height: child.height }, target: box };
    case 'none': {
      const shown = { width: Math.min(child.width, box.width), height: Math.min(child.height, box.height) };
      return { source: shown, target: shown };
    }
    case 'scaleDown': return child.width <= box.width && child.height <= box.height
      ? { source: child, target: child }
      : { source: child, target: wider ? byHeight : byWidth };
    default: return { source: child, target: wider ? byHeight : byWidth };
  }
}

/** @type {Rule} */
const FITTED_BOX = {
  layout(node, c, path, context) {
    if (!node.child) return leaf(node, path, constrain(c, 0, 0));
    const child = context.layout(node.child, constraints(), `${path}.child`);
    const size = node.fit === 'scaleDown'
      ? constrainSize(c, constrainKeepingRatio(loosen(c), child))
      : constrainKeepingRatio(c, child);
    const box = around(node, path, size, child);
    box.baseline = child.baseline;
    box.clips = (node.clipBehavior ?? 'none') !== 'none';
    if (isEmpty(child) || isEmpty(size)) return { ...box, hidden: true };
    const { source, target } = applyFit(node.fit ?? 'contain', child, size);
    const at = alignment(node.alignment, context.direction, 'center');
    const scale = { x: target.width / source.width, y: target.height / source.height };
    const from = along(at, child.width - source.width, child.height - source.height);
    const to = along(at, size.width - target.width, size.height - target.height);
    box.children = [{ x: to.x - from.x * scale.x, y: to.y - from.y * scale.y, box: child, scale }];
    return box;
  },
  intrinsic: (node, kind, extent, path, context) => context.intrinsicOfChild(node, kind, extent, path),
};

/** @type {Record<string, Rule>} */
export const ALIGN_RULES = {
  align: align((node) => node.alignment),
  center: align(() => 'center'),
  fittedBox: FITTED_BOX,
};
