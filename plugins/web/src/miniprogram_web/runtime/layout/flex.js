/** Rows and columns: row, column, and what only stands inside them (expanded, flexible, spacer). Flutter's RenderFlex. */

import { clamp, constraints } from './constraints.js';
import { misplaced } from './misplaced.js';
import { nodes, notNegative, number } from './values.js';

/** @typedef {import('./types.js').Box} Box @typedef {import('./types.js').Constraints} Constraints @typedef {import('./types.js').Rule} Rule */

/**
 * A flex child: what is laid out, where it stands in the document, and its share of what is left over.
 * @typedef {{node: any, path: string, flex: number, fits: boolean}} FlexChild
 */

const NOTHING = Object.freeze({ type: 'sizedBox', width: 0, height: 0 });

/** @param {any} node @param {string} path @returns {FlexChild[]} */
function childrenOf(node, path) {
  return nodes(node.children).map((/** @type {any} */ child, /** @type {number} */ at) => {
    const own = `${path}.children[${at}]`;
    switch (child?.type) {
      case 'expanded': case 'flexible': {
        const fits = child.type === 'expanded' || child.fit === 'tight';
        return { node: child.child ?? NOTHING, path: `${child.jsonPath ?? own}.child`, flex: notNegative(child.flex) ?? 1, fits };
      }
      case 'spacer': return { node: NOTHING, path: own, flex: notNegative(child.flex) ?? 1, fits: true };
      default: return { node: child, path: own, flex: 0, fits: false };
    }
  });
}

/** How to read and write the two axes of one direction. */
const HORIZONTAL = {
  main: 'width', end: 'right',
  mainOf: (/** @type {any} */ size) => size.width, crossOf: (/** @type {any} */ size) => size.height,
  limits: (/** @type {Constraints} */ c) => ({ mainMin: c.minWidth, mainMax: c.maxWidth, crossMin: c.minHeight, crossMax: c.maxHeight }),
  constraints: (/** @type {number} */ mainMin, /** @type {number} */ mainMax, /** @type {number} */ crossMin, /** @type {number} */ crossMax) =>
    constraints(mainMin, mainMax, crossMin, crossMax),
  size: (/** @type {number} */ main, /** @type {number} */ cross) => ({ width: main, height: cross }),
  offset: (/** @type {number} */ main, /** @type {number} */ cross) => ({ x: main, y: cross }),
};
const VERTICAL = {
  main: 'height', end: 'bottom',
  mainOf: (/** @type {any} */ size) => size.height, crossOf: (/** @type {any} */ size) => size.width,
  limits: (/** @type {Constraints} */ c) => ({ mainMin: c.minHeight, mainMax: c.maxHeight, crossMin: c.minWidth, crossMax: c.maxWidth }),
  constraints: (/** @type {number} */ mainMin, /** @type {number} */ mainMax, /** @type {number} */ crossMin, /** @type {number} */ crossMax) =>
    constraints(crossMin, crossMax, mainMin, mainMax),
  size: (/** @type {number} */ main, /** @type {number} */ cross) => ({ width: cross, height: main }),
  offset: (/** @type {number} */ main, /** @type {number} */ cross) => ({ x: cross, y: main }),
};

/**
 * Where the first child starts and how far the next one is, for `free` pixels among `count` children.
 * @param {string} justify @param {number} free @param {number} count @param {boolean} flipped  the children run from right to left or upwards
 * @param {number} spacing @returns {[number, number]}
 */
export function distribute(justify, free, count, flipped, spacing) {
  switch (justify) {
    case 'end': return [flipped ? 0 : free, spacing];
    case 'center': return [free / 2, spacing];
    case 'spaceBetween': return count < 2 ? distribute('start', free, count, flipped, spacing) : [0, free / (count - 1) + spacing];
    case 'spaceAround': return count ? [free / count / 2, free / count + spacing] : distribute('start', free, count, flipped, spacing);
    case 'spaceEvenly': return [free / (count + 1), free / (count + 1) + spacing];
    default: return [flipped ? free : 0, spacing];
  }
}

/** The overflow as Flutter words it. @param {number} pixels */
export function pixelText(pixels) {
  if (pixels > 10) return pixels.toFixed(0);
  return pixels > 1 ? pixels.toFixed(1) : pixels.toPrecision(3);
}

/**
 * Children without a flex factor first, with no bound along the main axis; then what is left is shared out by factor.
 * @template T  what `layoutChild` gives
 * @param {any} node @param {FlexChild[]} children @param {Constraints} c @param {typeof HORIZONTAL} axis
 * @param {(child: FlexChild, own: Constraints) => T & {width: number, height: number, baseline: number | null}} layoutChild
 */
function measure(node, children, c, axis, layoutChild) {
  const { mainMin, mainMax, crossMin, crossMax } = axis.limits(c);
  const bounded = Number.isFinite(mainMax);
  const align = node.crossAxisAlignment ?? 'center';
  const crossLow = align === 'stretch' ? crossMax : 0;
  const shares = (/** @type {FlexChild} */ child) => bounded && child.flex > 0;
  const sized = /** @type {(T & {width: number, height: number, baseline: number | null})[]} */ (new Array(children.length));
  let used = (notNegative(node.spacing) ?? 0) * (children.length - 1);
  let cross = 0;
  let ascent = -Infinity;
  let descent = -Infinity;
  const take = (/** @type {number} */ at, /** @type {Constraints} */ own) => {
    const size = layoutChild(children[at], own);
    sized[at] = size;
    used += axis.mainOf(size);
    cross = Math.max(cross, axis.crossOf(size));
    if (align !== 'baseline' || axis !== HORIZONTAL || size.baseline === null) return;
    ascent = Math.max(ascent, size.baseline);
    descent = Math.max(descent, size.height - size.baseline);
  };
  let factors = 0;
  children.forEach((child, at) => {
    if (shares(child)) factors += child.flex;
    else take(at, axis.constraints(0, Infinity, crossLow, crossMax));
  });
  const share = Math.max(0, mainMax - used) / factors;
  children.forEach((child, at) => {
    if (!shares(child)) return;
    const room = share * child.flex;
    take(at, axis.constraints(child.fits ? room : 0, room, crossLow, crossMax));
  });
  if (ascent > -Infinity) cross = Math.max(cross, ascent + descent);
  const wanted = (node.mainAxisSize ?? 'max') === 'max' && bounded ? mainMax : used;
  return {
    sized, ascent,
    size: axis.size(clamp(wanted, mainMin, mainMax), clamp(cross, crossMin, crossMax)),
    free: clamp(wanted, mainMin, mainMax) - used,
  };
}

/** @param {any} node @param {FlexChild[]} children @param {Constraints} c @param {string} path @param {typeof HORIZONTAL} axis @param {import('./engine.js').Context} context */
function checkFlex(node, children, c, path, axis, context) {
  const { mainMax, crossMax } = axis.limits(c);
  if (!Number.isFinite(mainMax) && children.some((child) => child.flex > 0)) {
    context.report('unbounded_flex', path, `RenderFlex children have non-zero flex but incoming ${axis.main} constraints are unbounded.`);
  }
  if ((number(node.spacing) ?? 0) < 0) context.report('invalid_value', path, "'spacing >= 0.0': is not true.");
  if (node.crossAxisAlignment === 'stretch' && crossMax === Infinity) {
    const name = axis === HORIZONTAL ? 'height' : 'width';
    context.report('infinite_size', path, `BoxConstraints forces an infinite ${name}.`);
    return { ...node, crossAxisAlignment: 'start' };
  }
  return node;
}

/** @param {typeof HORIZONTAL} axis @returns {Rule} */
const flex = (axis) => ({
  layout(node, c, path, context) {
    const children = childrenOf(node, path);
    const own = checkFlex(node, children, c, path, axis, context);
    const { sized, size, free, ascent } = measure(own, children, c, axis, (child, limits) => context.layout(child.node, limits, child.path));
    if (free < -1e-10) {
      const message = `A RenderFlex overflowed by ${pixelText(-free)} pixels on the ${axis.end}.`;
      context.report('overflow', path, message, { pixels: -free });
    }
    const rightToLeft = (node.textDirection ?? context.direction) === 'rtl';
    const upwards = node.verticalDirection === 'up';
    const [mainFlipped, crossFlipped] = axis === HORIZONTAL ? [rightToLeft, upwards] : [upwards, rightToLeft];
    const [first, between] = distribute(node.mainAxisAlignment ?? 'start', Math.max(0, free), children.length, mainFlipped, notNegative(node.spacing) ?? 0);
    const placed = /** @type {import('./types.js').PlacedBox[]} */ (new Array(sized.length));
    let at = first;
    for (let step = 0; step < sized.length; step += 1) {
      const index = mainFlipped ? sized.length - 1 - step : step;
      const box = sized[index];
      placed[index] = { ...axis.offset(at, crossOffset(own, box, axis, size, ascent, crossFlipped)), box };
      at += axis.mainOf(box) + between;
    }
    return { node, path, ...size, children: placed, baseline: baselineOf(placed, axis) };
  },

  intrinsic(node, kind, extent, path, context) {
    const children = childrenOf(node, path);
    const wide = kind === 'minWidth' || kind === 'maxWidth';
    if (wide === (axis === HORIZONTAL)) return mainIntrinsic(node, children, kind, extent, context);
    const own = { ...node, crossAxisAlignment: node.crossAxisAlignment === 'stretch' ? 'start' : node.crossAxisAlignment };
    const most = axis === HORIZONTAL ? 'maxWidth' : 'maxHeight';
    const { size } = measure(own, children, axis.constraints(0, extent, 0, Infinity), axis, (child, limits) => {
      const { mainMax } = axis.limits(limits);
      const main = Number.isFinite(mainMax) ? mainMax : context.intrinsic(child.node, most, Infinity, child.path);
      return { ...axis.size(main, context.intrinsic(child.node, kind, main, child.path)), baseline: null };
    });
    return axis.crossOf(size);
  },
});

/** @param {any} node @param {Box} box @param {typeof HORIZONTAL} axis @param {any} size @param {number} ascent @param {boolean} flipped */
function crossOffset(node, box, axis, size, ascent, flipped) {
  const free = axis.crossOf(size) - axis.crossOf(box);
  switch (node.crossAxisAlignment ?? 'center') {
    case 'stretch': return 0;
    case 'baseline': return axis === HORIZONTAL && box.baseline !== null ? ascent - box.baseline : 0;
    case 'start': return flipped ? free : 0;
    case 'end': return flipped ? 0 : free;
    default: return free / 2;
  }
}

/** A row's baseline is the highest of its children's, a column's the one of the first child that has one. @param {import('./types.js').PlacedBox[]} placed @param {typeof HORIZONTAL} axis */
function baselineOf(placed, axis) {
  const found = placed.filter(({ box }) => box.baseline !== null).map(({ y, box }) => y + /** @type {number} */ (box.baseline));
  if (!found.length) return null;
  return axis === HORIZONTAL ? Math.min(...found) : found[0];
}

/**
 * Along the main axis: what the children without a factor take, and for the others as much as the greediest needs per share.
 * @param {any} node @param {FlexChild[]} children @param {import('./types.js').IntrinsicKind} kind @param {number} extent @param {import('./engine.js').Context} context
 */
function mainIntrinsic(node, children, kind, extent, context) {
  let fixed = (notNegative(node.spacing) ?? 0) * (children.length - 1);
  let perShare = 0;
  let factors = 0;
  for (const child of children) {
    const length = context.intrinsic(child.node, kind, extent, child.path);
    if (child.flex > 0) {
      factors += child.flex;
      perShare = Math.max(perShare, length / child.flex);
    } else fixed += length;
  }
  return perShare * factors + fixed;
}

const INSIDE = 'a row or a column';
const ROW = flex(HORIZONTAL);
const COLUMN = flex(VERTICAL);

/** A row or a column by `direction`. @param {any} node */
const byDirection = (node) => (node.direction === 'vertical' ? COLUMN : ROW);

/** @type {Record<string, Rule>} */
export const FLEX_RULES = {
  row: ROW,
  column: COLUMN,
  flex: {
    layout: (node, ...rest) => byDirection(node).layout(node, ...rest),
    intrinsic: (node, ...rest) => byDirection(node).intrinsic(node, ...rest),
  },
  expanded: misplaced('Expanded', INSIDE),
  flexible: misplaced('Flexible', INSIDE),
  spacer: misplaced('Spacer', INSIDE),
};
