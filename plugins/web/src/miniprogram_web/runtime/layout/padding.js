/** Padding: padding, safeArea, and the edges of containers and cards. */

import { around, leaf } from './boxes.js';
import { constrain, deflate } from './constraints.js';
import { edges, outwards } from './values.js';

/** @typedef {import('./types.js').Edges} Edges @typedef {import('./types.js').Rule} Rule */

/**
 * Lay out what is inside edges.
 * @param {import('./types.js').Constraints} c @param {Edges} inset
 * @param {(inner: import('./types.js').Constraints) => import('./types.js').Box | null} layoutInner
 */
export function padded(c, inset, layoutInner) {
  const inner = layoutInner(deflate(c, inset));
  const size = constrain(c, (inner?.width ?? 0) + inset.left + inset.right, (inner?.height ?? 0) + inset.top + inset.bottom);
  return { size, inner };
}

/**
 * An intrinsic length with edges around.
 * @param {Edges} inset @param {import('./types.js').IntrinsicKind} kind @param {number} extent
 * @param {(extent: number) => number} inner
 */
export function paddedIntrinsic(inset, kind, extent, inner) {
  const horizontal = inset.left + inset.right;
  const vertical = inset.top + inset.bottom;
  return kind === 'minWidth' || kind === 'maxWidth'
    ? inner(Math.max(0, extent - vertical)) + horizontal
    : inner(Math.max(0, extent - horizontal)) + vertical;
}

/** @param {any} value @param {string} path @param {string} property @param {import('./engine.js').Context} context */
export function checkEdges(value, path, property, context) {
  if (Object.values(edges(value)).every((side) => side >= 0)) return;
  context.report('negative_padding', path, `'${property}.isNonNegative': is not true.`);
}

/** @param {(node: any, context: import('./engine.js').Context) => Edges} insetOf @returns {Rule} */
const inset = (insetOf) => ({
  layout(node, c, path, context) {
    const space = insetOf(node, context);
    checkEdges(node.padding, path, 'padding', context);
    const { size, inner } = padded(c, space, (own) => (node.child ? context.layout(node.child, own, `${path}.child`) : null));
    return inner ? around(node, path, size, inner, space.left, space.top) : leaf(node, path, size);
  },
  intrinsic(node, kind, extent, path, context) {
    return paddedIntrinsic(insetOf(node, context), kind, extent, (own) => context.intrinsicOfChild(node, kind, own, path));
  },
});

/** @type {Record<string, Rule>} */
export const PADDING_RULES = {
  padding: inset((node) => outwards(edges(node.padding))),

  /** At least `minimum`, at least what the device covers, on the sides that are not switched off. */
  safeArea: inset((node, { safeArea }) => {
    const least = outwards(edges(node.minimum));
    const side = (/** @type {keyof Edges} */ name) => Math.max(least[name], node[name] === false ? 0 : safeArea[name]);
    return { left: side('left'), top: side('top'), right: side('right'), bottom: side('bottom') };
  }),
};
