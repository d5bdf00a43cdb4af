/** Scroll views: listView, gridView, customScrollView, singleChildScrollView, pageView. Viewports of Flutter's sliver protocol. */

import { leaf } from './boxes.js';
import { clamp, constrain, constraints, deflate } from './constraints.js';
import { renderName } from './render_names.js';
import { grid, list, padded, SLIVER_TYPES, sliver } from './slivers.js';
import { edges, nodes, number, outwards, positive } from './values.js';

/** @typedef {import('./types.js').Rule} Rule @typedef {import('./types.js').Constraints} Constraints @typedef {import('./engine.js').Context} Context */
/** @typedef {import('./slivers.js').SliverConstraints} SliverConstraints @typedef {import('./slivers.js').Sliver} Sliver */

/**
 * Whether a viewport has an end on both axes. Without one Flutter draws nothing and says this; here it becomes as long as its
 * content, so that the rest of the screen can be seen.
 * @param {Constraints} c @param {boolean} vertical @param {boolean} shrinkWrap @param {string} path @param {Context} context
 */
function checkBounds(c, vertical, shrinkWrap, path, context) {
  const name = vertical ? 'Vertical' : 'Horizontal';
  const tell = (/** @type {string} */ axis) => context.report('unbounded_viewport', path, `${name} viewport was given unbounded ${axis}.`);
  const [main, cross] = vertical ? [c.maxHeight, c.maxWidth] : [c.maxWidth, c.maxHeight];
  if (main === Infinity && !shrinkWrap) tell(vertical ? 'height' : 'width');
  if (cross === Infinity) tell(vertical ? 'width' : 'height');
}

/** @param {any} node @param {string} standard */
const isVertical = (node, standard) => (node.scrollDirection ?? standard) === 'vertical';

/** @param {any} node @param {boolean} vertical @param {Context} context */
const isReversed = (node, vertical, context) => Boolean(node.reverse) !== (!vertical && context.direction === 'rtl');

/**
 * A viewport and what scrolls in it.
 * @param {any} node @param {Constraints} c @param {string} path @param {Context} context @param {(s: SliverConstraints) => Sliver} content
 * @returns {import('./types.js').Box}
 */
export function viewport(node, c, path, context, content) {
  const vertical = isVertical(node, 'vertical');
  const reversed = isReversed(node, vertical, context);
  checkBounds(c, vertical, Boolean(node.shrinkWrap), path, context);
  const [mainMin, mainMax, crossMin, crossMax] = vertical
    ? [c.minHeight, c.maxHeight, c.minWidth, c.maxWidth]
    : [c.minWidth, c.maxWidth, c.minHeight, c.maxHeight];
  const cross = Number.isFinite(crossMax) ? crossMax : crossMin;
  const found = content({
    vertical, reversed, cross, crossReversed: vertical && context.direction === 'rtl',
    viewport: Number.isFinite(mainMax) ? mainMax : 0, preceding: 0,
  });
  const main = node.shrinkWrap || !Number.isFinite(mainMax) ? clamp(found.extent, mainMin, mainMax) : mainMax;
  const children = found.children.map(({ main: at, cross: across, box, ...rest }) => {
    const from = reversed ? main - at - (vertical ? box.height : box.width) : at;
    return { x: vertical ? across : from, y: vertical ? from : across, box, ...rest };
  });
  return {
    node, path, ...(vertical ? { width: cross, height: main } : { width: main, height: cross }), children, baseline: null,
    clips: (node.clipBehavior ?? 'hardEdge') !== 'none',
    scroll: { axis: vertical ? 'vertical' : 'horizontal', reversed, extent: found.extent, start: 0 },
  };
}

/** @type {Rule['intrinsic']} */
export function noIntrinsics(node, _kind, _extent, path, context) {
  const name = node.shrinkWrap ? 'RenderShrinkWrappingViewport' : 'RenderViewport';
  context.report('no_intrinsics', path, `${name} does not support returning intrinsic dimensions.`);
  return 0;
}

/** @param {any} node @param {SliverConstraints} s @param {(own: SliverConstraints) => Sliver} content */
const insidePadding = (node, s, content) => (node.padding == null ? content(s) : padded(outwards(edges(node.padding)), s, content));

/** The children, with the separator between every two. @param {any} node @param {string} path */
function itemsOf(node, path) {
  return nodes(node.children).flatMap((/** @type {any} */ child, /** @type {number} */ at) => {
    const item = { node: child, path: `${path}.children[${at}]` };
    return node.separator && at ? [{ node: node.separator, path: `${path}.separator[${at - 1}]` }, item] : [item];
  });
}

/** @type {Rule} */
const LIST_VIEW = {
  layout: (node, c, path, context) =>
    viewport(node, c, path, context, (s) => insidePadding(node, s, (own) => list(itemsOf(node, path), own, context))),
  intrinsic: noIntrinsics,
};

/** @type {Rule} */
const GRID_VIEW = {
  layout: (node, c, path, context) =>
    viewport(node, c, path, context, (s) => insidePadding(node, s, (own) => grid(node, path, own, context))),
  intrinsic: noIntrinsics,
};

/** @type {Rule} */
const CUSTOM_SCROLL_VIEW = {
  layout: (node, c, path, context) =>
    viewport(node, c, path, context, (s) => {
      let extent = 0;
      const children = [];
      for (const [at, each] of nodes(node.slivers).entries()) {
        const found = sliver(each, `${path}.slivers[${at}]`, { ...s, preceding: extent }, context);
        children.push(...found.children.map((child) => ({ ...child, main: child.main + extent })));
        extent += found.extent;
      }
      return { extent, children };
    }),
  intrinsic: noIntrinsics,
};

/** As long as its child where there is room, else it scrolls. @type {Rule} */
const SINGLE_CHILD_SCROLL_VIEW = {
  layout(node, c, path, context) {
    const vertical = isVertical(node, 'vertical');
    const reversed = isReversed(node, vertical, context);
    const inset = outwards(edges(node.padding));
    const limits = vertical ? constraints(c.minWidth, c.maxWidth) : constraints(0, Infinity, c.minHeight, c.maxHeight);
    const child = node.child ? context.layout(node.child, deflate(limits, inset), `${path}.child`) : null;
    if (!child && node.padding == null) return leaf(node, path, constrain(c, 0, 0));
    const whole = constrain(limits, (child?.width ?? 0) + inset.left + inset.right, (child?.height ?? 0) + inset.top + inset.bottom);
    const size = constrain(c, whole.width, whole.height);
    const left = reversed && !vertical ? size.width - whole.width : 0;
    const top = reversed && vertical ? size.height - whole.height : 0;
    return {
      node, path, ...size, baseline: null, clips: (node.clipBehavior ?? 'hardEdge') !== 'none',
      children: child ? [{ x: left + inset.left, y: top + inset.top, box: child }] : [],
      scroll: { axis: vertical ? 'vertical' : 'horizontal', reversed, extent: vertical ? whole.height : whole.width, start: 0 },
    };
  },
  intrinsic(node, kind, extent, path, context) {
    const inset = outwards(edges(node.padding));
    const wide = kind === 'minWidth' || kind === 'maxWidth';
    const [own, other] = [inset.left + inset.right, inset.top + inset.bottom];
    return context.intrinsicOfChild(node, kind, Math.max(0, extent - (wide ? other : own)), path) + (wide ? own : other);
  },
};

/** Pages of the viewport's length times `viewportFraction`, the first and the last one in the middle. @type {Rule} */
const PAGE_VIEW = {
  layout(node, c, path, context) {
    const vertical = isVertical(node, 'horizontal');
    const own = { ...node, scrollDirection: vertical ? 'vertical' : 'horizontal', shrinkWrap: false };
    const fraction = positive(node.viewportFraction, 1);
    let page = 0;
    const box = viewport(own, c, path, context, (s) => {
      page = s.viewport * fraction;
      const before = node.padEnds === false ? 0 : Math.max(0, (s.viewport - page) / 2);
      const items = itemsOf({ children: node.children }, path);
      const limits = s.vertical ? constraints(s.cross, s.cross, page, page) : constraints(page, page, s.cross, s.cross);
      const children = items.map((/** @type {any} */ item, /** @type {number} */ at) => ({
        main: before + at * page, cross: 0, box: context.layout(item.node, limits, item.path),
      }));
      return { extent: 2 * before + items.length * page, children };
    });
    const start = clamp((number(node.initialPage) ?? 0) * page, 0, Math.max(0, (box.scroll?.extent ?? 0) - (vertical ? box.height : box.width)));
    return { ...box, node, scroll: { .../** @type {import('./types.js').Scroll} */ (box.scroll), start, pages: node.pageSnapping ?? true, page } };
  },
  intrinsic: noIntrinsics,
};

/** A sliver where a box belongs takes no room. @type {Rule} */
const SLIVER_AMONG_BOXES = {
  layout(node, c, path, context) {
    const message = `A child of type RenderBox was expected, but a child of type ${renderName(node)} was received: slivers belong into a customScrollView.`;
    context.report('misplaced', path, message);
    return leaf(node, path, constrain(c, 0, 0));
  },
  intrinsic: () => 0,
};

/** @type {Record<string, Rule>} */
export const SCROLL_RULES = {
  listView: LIST_VIEW,
  gridView: GRID_VIEW,
  customScrollView: CUSTOM_SCROLL_VIEW,
  singleChildScrollView: SINGLE_CHILD_SCROLL_VIEW,
  pageView: PAGE_VIEW,
  ...Object.fromEntries(SLIVER_TYPES.map((type) => [type, SLIVER_AMONG_BOXES])),
};
