/** Boxes that lay out as their child does and only change how it is painted or what it does: opacity, clips, gestures, visibility. */

import { around, leaf } from './boxes.js';
import { constrain } from './constraints.js';
import { number } from './values.js';

/** @typedef {import('./types.js').Rule} Rule */

/** @param {boolean} clips @returns {Rule} */
const proxy = (clips) => ({
  layout(node, c, path, context) {
    if (!node.child) return leaf(node, path, constrain(c, 0, 0));
    const child = context.layout(node.child, c, `${path}.child`);
    const box = around(node, path, child, child);
    if (clips) box.clips = (node.clipBehavior ?? 'antiAlias') !== 'none';
    return box;
  },
  intrinsic: (node, kind, extent, path, context) => context.intrinsicOfChild(node, kind, extent, path),
});

/** Takes no room and is not painted, but is laid out. @type {Rule} */
const OFFSTAGE = {
  layout(node, c, path, context) {
    if (!(node.offstage ?? true)) return proxy(false).layout(node, c, path, context);
    const size = constrain(c, 0, 0);
    if (!node.child) return leaf(node, path, size);
    return { ...around(node, path, size, context.layout(node.child, c, `${path}.child`)), baseline: null, hidden: true };
  },
  intrinsic: (node, kind, extent, path, context) => ((node.offstage ?? true) ? 0 : context.intrinsicOfChild(node, kind, extent, path)),
};

const NOTHING = Object.freeze({ type: 'sizedBox', width: 0, height: 0 });

/** @param {any} node @param {string} path */
const shown = (node, path) =>
  (node.visible ?? true) || node.maintainSize
    ? { child: node.child ?? NOTHING, at: `${path}.child` }
    : { child: node.replacement ?? NOTHING, at: `${path}.replacement` };

/** @type {Rule} */
const VISIBILITY = {
  layout(node, c, path, context) {
    const { child, at } = shown(node, path);
    const box = context.layout(child, c, at);
    return { ...around(node, path, box, box), hidden: node.visible === false && Boolean(node.maintainSize) };
  },
  intrinsic(node, kind, extent, path, context) {
    const { child, at } = shown(node, path);
    return context.intrinsic(child, kind, extent, at);
  },
};

/** @type {Rule} */
const OPACITY = {
  ...proxy(false),
  layout(node, c, path, context) {
    const opacity = number(node.opacity) ?? 1;
    if (opacity < 0 || opacity > 1) context.report('invalid_value', path, "'opacity >= 0.0 && opacity <= 1.0': is not true.");
    return proxy(false).layout(node, c, path, context);
  },
};

const PLAIN = [
  'coloredBox', 'backdropFilter', 'gestureDetector', 'inkWell', 'hero', 'form', 'tooltip', 'refreshIndicator', 'setValue',
  'radioGroup', 'defaultTabController', 'defaultBottomNavigationController', 'defaultNavigationController',
];

/** @type {Record<string, Rule>} */
export const PROXY_RULES = {
  ...Object.fromEntries(PLAIN.map((type) => [type, proxy(false)])),
  opacity: OPACITY,
  clipRRect: proxy(true),
  clipOval: proxy(true),
  offstage: OFFSTAGE,
  visibility: VISIBILITY,
};
