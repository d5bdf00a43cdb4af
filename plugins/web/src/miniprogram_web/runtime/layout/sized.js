/** Boxes with lengths of their own: sizedBox, constrainedBox, container, limitedBox, aspectRatio, fractionallySizedBox. */

import { aligned, alignedIntrinsic } from './align.js';
import { around, leaf } from './boxes.js';
import { clamp, constrain, constrainSize, constraints, deflate, enforce, isTight, tight, tightFor } from './constraints.js';
import { checkEdges, padded, paddedIntrinsic } from './padding.js';
import { along, alignment, boxConstraints, edges, length, notNegative, number, outwards, positive } from './values.js';

/** @typedef {import('./types.js').Constraints} Constraints @typedef {import('./types.js').Rule} Rule @typedef {import('./engine.js').Context} Context */

const NO_BOUNDS = constraints();

/**
 * An intrinsic length under additional constraints (RenderConstrainedBox).
 * @param {Constraints} own @param {import('./types.js').IntrinsicKind} kind @param {() => number} inner
 */
export function constrainedIntrinsic(own, kind, inner) {
  const [low, high] = kind === 'minWidth' || kind === 'maxWidth' ? [own.minWidth, own.maxWidth] : [own.minHeight, own.maxHeight];
  if (Number.isFinite(high) && low >= high) return low;
  return low === Infinity ? inner() : clamp(inner(), low, high);
}

/** @param {any} node @param {string} path @param {Context} context @returns {Constraints} */
function sizeOf(node, path, context) {
  const width = length(node.width);
  const height = length(node.height);
  for (const [name, value] of /** @type {[string, number | null][]} */ ([['width', width], ['height', height]])) {
    if (value !== null && value < 0) context.report('invalid_constraints', path, `BoxConstraints has a negative minimum ${name}.`);
  }
  return tightFor(width === null ? null : Math.max(0, width), height === null ? null : Math.max(0, height));
}

/** @param {any} node @param {string} path @param {Context} context @returns {Constraints} */
function ownConstraints(node, path, context) {
  const given = boxConstraints(node.constraints) ?? NO_BOUNDS;
  if (given.minWidth > given.maxWidth || given.minHeight > given.maxHeight) {
    context.report('invalid_constraints', path, 'BoxConstraints has non-normalized width or height constraints.');
  }
  const [minWidth, minHeight] = [Math.max(0, given.minWidth), Math.max(0, given.minHeight)];
  return constraints(minWidth, Math.max(minWidth, given.maxWidth), minHeight, Math.max(minHeight, given.maxHeight));
}

/** A container's constraints: `constraints`, narrowed by width and height. @param {any} node @param {string} path @param {Context} context */
function containerConstraints(node, path, context) {
  const given = node.constraints ? ownConstraints(node, path, context) : null;
  const size = sizeOf(node, path, context);
  if (node.width == null && node.height == null) return given;
  return given ? enforce(size, given) : size;
}

/** @param {(node: any, path: string, context: Context) => Constraints} read @returns {Rule} */
const constrained = (read) => ({
  layout(node, c, path, context) {
    const own = enforce(read(node, path, context), c);
    if (!node.child) return leaf(node, path, constrain(own, 0, 0));
    const child = context.layout(node.child, context.withEnd(own, path), `${path}.child`);
    return around(node, path, child, child);
  },
  intrinsic(node, kind, extent, path, context) {
    return constrainedIntrinsic(read(node, path, context), kind, () => context.intrinsicOfChild(node, kind, extent, path));
  },
});

/**
 * The border of a decoration takes room, like padding.
 * @param {any} node @returns {import('./types.js').Edges}
 */
function borderEdges(node) {
  const border = node.decoration?.border;
  const side = (/** @type {any} */ each) =>
    !each || each.borderStyle === 'none' ? 0 : (number(each.width) ?? 1) * (1 - (1 + (number(each.strokeAlign) ?? -1)) / 2);
  if (!border) return edges(0);
  if (border.left || border.top || border.right || border.bottom) {
    const own = (/** @type {any} */ each) => (each ? side({ width: 0, strokeAlign: -1, ...each }) : 0);
    return { left: own(border.left), top: own(border.top), right: own(border.right), bottom: own(border.bottom) };
  }
  return edges(side(border));
}

/** @param {any} node */
function containerPadding(node) {
  const padding = outwards(edges(node.padding));
  const border = borderEdges(node);
  return {
    left: padding.left + border.left, top: padding.top + border.top,
    right: padding.right + border.right, bottom: padding.bottom + border.bottom,
  };
}

/**
 * Container, from outside: margin, constraints, decoration, padding, alignment, child. One without a child is as large as
 * allowed where that has an end, unless it has an alignment or an exact size.
 * @type {Rule}
 */
const CONTAINER = {
  layout(node, c, path, context) {
    const margin = outwards(edges(node.margin));
    const padding = containerPadding(node);
    checkEdges(node.margin, path, 'margin', context);
    checkEdges(node.padding, path, 'padding', context);
    const own = containerConstraints(node, path, context);
    const body = (/** @type {Constraints} */ limits) => {
      const inner = own ? context.withEnd(enforce(own, limits), path) : limits;
      const { size, inner: content } = padded(inner, padding, (room) => containerContent(node, own, room, path, context));
      if (!content) return leaf(node, path, size);
      const box = around(node, path, size, content, padding.left, padding.top);
      if (content.node !== node) return box;
      // The content is no node of its own (alignment, or nothing): its child stands in this box.
      box.children = content.children.map(({ x, y, box: child }) => ({ x: x + padding.left, y: y + padding.top, box: child }));
      return box;
    };
    if (node.margin == null) return body(c);
    const { inner } = padded(c, margin, body);
    const box = context.finite(/** @type {import('./types.js').Box} */ (inner), deflate(c, margin));
    const size = constrain(c, box.width + margin.left + margin.right, box.height + margin.top + margin.bottom);
    return around(node, path, size, { ...box, part: 'body' }, margin.left, margin.top);
  },

  intrinsic(node, kind, extent, path, context) {
    const own = containerConstraints(node, path, context) ?? NO_BOUNDS;
    const content = (/** @type {number} */ room) =>
      node.alignment ? alignedIntrinsic(null, null, kind, () => context.intrinsicOfChild(node, kind, room, path)) : context.intrinsicOfChild(node, kind, room, path);
    return paddedIntrinsic(outwards(edges(node.margin)), kind, extent, (outer) =>
      constrainedIntrinsic(own, kind, () => paddedIntrinsic(containerPadding(node), kind, outer, content)));
  },
};

/**
 * @param {any} node @param {Constraints | null} own @param {Constraints} room @param {string} path @param {Context} context
 * @returns {import('./types.js').Box | null}
 */
function containerContent(node, own, room, path, context) {
  if (node.child && !node.alignment) return context.layout(node.child, room, `${path}.child`);
  if (!node.child && !(own && isTight(own))) {
    const fill = constrain(room, room.maxWidth, room.maxHeight);
    return leaf(node, path, {
      width: Number.isFinite(fill.width) ? fill.width : room.minWidth,
      height: Number.isFinite(fill.height) ? fill.height : room.minHeight,
    });
  }
  if (!node.alignment) return null;
  const at = alignment(node.alignment, context.direction, 'center');
  const { size, x, y, inner } = aligned(room, at, null, null, (loose) => (node.child ? context.layout(node.child, loose, `${path}.child`) : null));
  return inner ? around(node, path, size, inner, x, y) : leaf(node, path, size);
}

/** @type {Rule} */
const LIMITED_BOX = {
  layout(node, c, path, context) {
    const own = constraints(
      c.minWidth, Number.isFinite(c.maxWidth) ? c.maxWidth : Math.max(c.minWidth, length(node.maxWidth) ?? Infinity),
      c.minHeight, Number.isFinite(c.maxHeight) ? c.maxHeight : Math.max(c.minHeight, length(node.maxHeight) ?? Infinity),
    );
    if (!node.child) return leaf(node, path, constrain(own, 0, 0));
    const child = context.layout(node.child, own, `${path}.child`);
    return around(node, path, constrain(c, child.width, child.height), child);
  },
  intrinsic: (node, kind, extent, path, context) => context.intrinsicOfChild(node, kind, extent, path),
};

/** @param {Constraints} c @param {number} ratio */
function sizeOfRatio(c, ratio) {
  if (isTight(c)) return { width: c.minWidth, height: c.minHeight };
  let width = c.maxWidth;
  let height = width / ratio;
  if (!Number.isFinite(width)) { height = c.maxHeight; width = height * ratio; }
  if (width > c.maxWidth) { width = c.maxWidth; height = width / ratio; }
  if (height > c.maxHeight) { height = c.maxHeight; width = height * ratio; }
  if (width < c.minWidth) { width = c.minWidth; height = width / ratio; }
  if (height < c.minHeight) { height = c.minHeight; width = height * ratio; }
  return constrain(c, width, height);
}

/** @type {Rule} */
const ASPECT_RATIO = {
  layout(node, c, path, context) {
    const ratio = positive(node.aspectRatio, 1);
    if ((number(node.aspectRatio) ?? 1) <= 0) context.report('invalid_value', path, "'aspectRatio > 0.0': is not true.");
    if (!Number.isFinite(c.maxWidth) && !Number.isFinite(c.maxHeight)) {
      context.report('infinite_size', path, 'RenderAspectRatio has unbounded constraints.');
      c = constraints(c.minWidth, c.minWidth, c.minHeight, c.minHeight);
    }
    const size = sizeOfRatio(c, ratio);
    if (!node.child) return leaf(node, path, size);
    return around(node, path, size, context.layout(node.child, tight(size.width, size.height), `${path}.child`));
  },
  intrinsic(node, kind, extent, path, context) {
    const ratio = positive(node.aspectRatio, 1);
    if (!Number.isFinite(extent)) return context.intrinsicOfChild(node, kind, extent, path);
    return kind === 'minWidth' || kind === 'maxWidth' ? extent * ratio : extent / ratio;
  },
};

/** @type {Rule} */
const FRACTIONALLY_SIZED_BOX = {
  layout(node, c, path, context) {
    const width = notNegative(node.widthFactor);
    const height = notNegative(node.heightFactor);
    const own = constraints(
      width === null ? c.minWidth : c.maxWidth * width, width === null ? c.maxWidth : c.maxWidth * width,
      height === null ? c.minHeight : c.maxHeight * height, height === null ? c.maxHeight : c.maxHeight * height,
    );
    if (!node.child) return leaf(node, path, constrainSize(c, constrain(own, 0, 0)));
    const child = context.layout(node.child, own, `${path}.child`);
    const size = constrain(c, child.width, child.height);
    const { x, y } = along(alignment(node.alignment, context.direction, 'center'), size.width - child.width, size.height - child.height);
    return around(node, path, size, child, x, y);
  },
  intrinsic(node, kind, extent, path, context) {
    const width = positive(node.widthFactor, 1);
    const height = positive(node.heightFactor, 1);
    return kind === 'minWidth' || kind === 'maxWidth'
      ? context.intrinsicOfChild(node, kind, extent * height, path) / width
      : context.intrinsicOfChild(node, kind, extent * width, path) / height;
  },
};

/** @type {Record<string, Rule>} */
export const SIZED_RULES = {
  sizedBox: constrained(sizeOf),
  constrainedBox: constrained(ownConstraints),
  container: CONTAINER,
  limitedBox: LIMITED_BOX,
  aspectRatio: ASPECT_RATIO,
  fractionallySizedBox: FRACTIONALLY_SIZED_BOX,
};
