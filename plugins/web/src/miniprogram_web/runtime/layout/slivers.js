/**
 * Parts of a scroll view: lists, grids, paddings, adapters. Flutter's sliver protocol at scroll offset 0, where every child is
 * laid out: a browser scrolls by itself.
 */

import { constraints } from './constraints.js';
import { renderName } from './render_names.js';
import { edges, nodes, notNegative, number, outwards, positive } from './values.js';

/** @typedef {import('./engine.js').Context} Context @typedef {import('./types.js').Box} Box */

/**
 * What a viewport tells a sliver.
 * @typedef {object} SliverConstraints
 * @property {boolean} vertical
 * @property {boolean} reversed  the sliver's start is at the bottom or at the right
 * @property {boolean} crossReversed  the first column of a grid is at the right
 * @property {number} cross  width of a vertical sliver
 * @property {number} viewport  length of the viewport
 * @property {number} preceding  length of all slivers before
 *
 * @typedef {{main: number, cross: number, box: Box, opacity?: number, sticky?: boolean}} SliverChild  offsets from the sliver's start
 * @typedef {{extent: number, children: SliverChild[]}} Sliver
 */

/** @param {SliverConstraints} s @param {number} [least] @param {number} [most] @param {number} [cross] */
const boxLimits = (s, least = 0, most = Infinity, cross = s.cross) =>
  s.vertical ? constraints(cross, cross, least, most) : constraints(least, most, cross, cross);

/** @param {SliverConstraints} s @param {Box} box */
const mainOf = (s, box) => (s.vertical ? box.height : box.width);

/** Nodes one after the other. @param {{node: any, path: string}[]} items @param {SliverConstraints} s @param {Context} context @returns {Sliver} */
export function list(items, s, context) {
  let extent = 0;
  const children = items.map(({ node, path }) => {
    const box = context.layout(node, boxLimits(s), path);
    const child = { main: extent, cross: 0, box };
    extent += mainOf(s, box);
    return child;
  });
  return { extent, children };
}

/** @param {any} node @param {string} path @param {SliverConstraints} s @param {Context} context @returns {Sliver} */
export function grid(node, path, s, context) {
  const columns = Math.max(1, Math.floor(number(node.crossAxisCount) ?? 1));
  const mainSpacing = notNegative(node.mainAxisSpacing) ?? 0;
  const crossSpacing = notNegative(node.crossAxisSpacing) ?? 0;
  const cross = Math.max(0, s.cross - crossSpacing * (columns - 1)) / columns;
  const main = notNegative(node.mainAxisExtent) ?? cross / positive(node.childAspectRatio, 1);
  const items = nodes(node.children);
  const children = items.map((/** @type {any} */ child, /** @type {number} */ at) => {
    const column = s.crossReversed ? columns - 1 - (at % columns) : at % columns;
    const box = context.layout(child, boxLimits(s, main, main, cross), `${path}.children[${at}]`);
    return { main: Math.floor(at / columns) * (main + mainSpacing), cross: column * (cross + crossSpacing), box };
  });
  const rows = Math.ceil(items.length / columns);
  return { extent: rows ? rows * (main + mainSpacing) - mainSpacing : 0, children };
}

/** A sliver inside edges. @param {import('./types.js').Edges} inset @param {SliverConstraints} s @param {(own: SliverConstraints) => Sliver} inner @returns {Sliver} */
export function padded(inset, s, inner) {
  const [start, end] = s.vertical ? [inset.top, inset.bottom] : [inset.left, inset.right];
  const [before, after] = s.reversed ? [end, start] : [start, end];
  const [left, right] = s.vertical ? [inset.left, inset.right] : [inset.top, inset.bottom];
  const found = inner({ ...s, cross: Math.max(0, s.cross - left - right), preceding: s.preceding + before });
  return {
    extent: before + found.extent + after,
    children: found.children.map((child) => ({ ...child, main: child.main + before, cross: child.cross + left })),
  };
}

/** @param {any} node @param {string} path @param {SliverConstraints} s @param {Context} context @param {number} [least] @param {number} [most] @returns {Sliver} */
function single(node, path, s, context, least, most) {
  if (!node.child) return { extent: least ?? 0, children: [] };
  const box = context.layout(node.child, boxLimits(s, least, most), `${path}.child`);
  return { extent: mainOf(s, box), children: [{ main: 0, cross: 0, box }] };
}

const NOTHING = Object.freeze({ extent: 0, children: [] });

/** @type {Record<string, (node: any, path: string, s: SliverConstraints, context: Context) => Sliver>} */
const SLIVERS = {
  sliverList: (node, path, s, context) =>
    list(nodes(node.children).map((/** @type {any} */ child, /** @type {number} */ at) => ({ node: child, path: `${path}.children[${at}]` })), s, context),
  sliverGrid: grid,
  sliverToBoxAdapter: (node, path, s, context) => single(node, path, s, context),
  sliverPadding: (node, path, s, context) => padded(outwards(edges(node.padding)), s, (own) => inner(node, path, own, context)),

  sliverSafeArea(node, path, s, context) {
    const least = outwards(edges(node.minimum));
    const side = (/** @type {keyof typeof least} */ name) => Math.max(least[name], node[name] === false ? 0 : context.safeArea[name]);
    return padded({ left: side('left'), top: side('top'), right: side('right'), bottom: side('bottom') }, s, (own) => inner(node, path, own, context));
  },

  /** What is left of the viewport: exactly that for a child that scrolls, at least that for one that does not. */
  sliverFillRemaining(node, path, s, context) {
    const left = Math.max(0, s.viewport - s.preceding);
    if (node.hasScrollBody ?? true) return { ...single(node, path, s, context, left, left), extent: s.viewport };
    const wanted = node.child ? context.intrinsic(node.child, s.vertical ? 'maxHeight' : 'maxWidth', s.cross, `${path}.child`) : 0;
    const extent = Math.max(left, wanted);
    return single(node, path, s, context, extent, extent);
  },

  /** What a sliverAppBar becomes: as long as `maxExtent`, stays at the start while scrolling when pinned. */
  sliverPersistentHeader(node, path, s, context) {
    const most = Math.max(notNegative(node.minExtent) ?? 0, notNegative(node.maxExtent) ?? 0);
    const found = single(node, path, s, context, 0, most);
    return { extent: most, children: found.children.map((child) => ({ ...child, sticky: Boolean(node.pinned) })) };
  },

  sliverOpacity(node, path, s, context) {
    const found = inner(node, path, s, context);
    return { ...found, children: found.children.map((child) => ({ ...child, opacity: number(node.opacity) ?? 1 })) };
  },

  sliverVisibility(node, path, s, context) {
    if (node.visible ?? true) return inner(node, path, s, context);
    if (!node.maintainSize) return node.replacementSliver ? sliver(node.replacementSliver, `${path}.replacementSliver`, s, context) : NOTHING;
    const found = inner(node, path, s, context);
    return { ...found, children: found.children.map((child) => ({ ...child, opacity: 0 })) };
  },

  sliverOffstage: (node, path, s, context) => ((node.offstage ?? true) ? NOTHING : inner(node, path, s, context)),
};

/** @param {any} node @param {string} path @param {SliverConstraints} s @param {Context} context @returns {Sliver} */
const inner = (node, path, s, context) => (node.sliver ? sliver(node.sliver, `${path}.sliver`, s, context) : NOTHING);

/** @param {any} node @param {string} at @param {SliverConstraints} s @param {Context} context @returns {Sliver} */
export function sliver(node, at, s, context) {
  const path = node?.jsonPath ?? at;
  if (Object.hasOwn(SLIVERS, node?.type)) return SLIVERS[node.type](node, path, s, context);
  context.report('misplaced', path, `A RenderViewport expected a child of type RenderSliver but received a child of type ${renderName(node)}.`);
  return list([{ node, path }], s, context);
}

export const SLIVER_TYPES = Object.freeze(Object.keys(SLIVERS));
