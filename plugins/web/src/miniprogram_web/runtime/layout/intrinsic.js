/** Boxes as large as their child would like to be: intrinsicWidth, intrinsicHeight. */

import { around, leaf } from './boxes.js';
import { clamp, constrain, constraints, hasTightHeight, hasTightWidth } from './constraints.js';

/** @typedef {import('./types.js').Rule} Rule */

/** @type {Rule} */
const INTRINSIC_WIDTH = {
  layout(node, c, path, context) {
    if (!node.child) return leaf(node, path, constrain(c, 0, 0));
    const wanted = hasTightWidth(c) ? c.minWidth : clamp(context.intrinsic(node.child, 'maxWidth', c.maxHeight, `${path}.child`), c.minWidth, c.maxWidth);
    const child = context.layout(node.child, constraints(wanted, wanted, c.minHeight, c.maxHeight), `${path}.child`);
    return around(node, path, child, child);
  },
  intrinsic(node, kind, extent, path, context) {
    if (kind === 'minWidth' || kind === 'maxWidth') return context.intrinsicOfChild(node, 'maxWidth', extent, path);
    const width = Number.isFinite(extent) ? extent : context.intrinsicOfChild(node, 'maxWidth', Infinity, path);
    return context.intrinsicOfChild(node, kind, width, path);
  },
};

/** @type {Rule} */
const INTRINSIC_HEIGHT = {
  layout(node, c, path, context) {
    if (!node.child) return leaf(node, path, constrain(c, 0, 0));
    const wanted = hasTightHeight(c) ? c.minHeight : clamp(context.intrinsic(node.child, 'maxHeight', c.maxWidth, `${path}.child`), c.minHeight, c.maxHeight);
    const child = context.layout(node.child, constraints(c.minWidth, c.maxWidth, wanted, wanted), `${path}.child`);
    return around(node, path, child, child);
  },
  intrinsic(node, kind, extent, path, context) {
    if (kind === 'minHeight' || kind === 'maxHeight') return context.intrinsicOfChild(node, 'maxHeight', extent, path);
    const height = Number.isFinite(extent) ? extent : context.intrinsicOfChild(node, 'maxHeight', Infinity, path);
    return context.intrinsicOfChild(node, kind, height, path);
  },
};

/** @type {Record<string, Rule>} */
export const INTRINSIC_RULES = { intrinsicWidth: INTRINSIC_WIDTH, intrinsicHeight: INTRINSIC_HEIGHT };
