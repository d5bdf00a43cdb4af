/** Boxes on top of each other: stack, positioned. Flutter's RenderStack. */

import { holding } from './boxes.js';
import { constrain, loosen, tight, tightFor } from './constraints.js';
import { misplaced } from './misplaced.js';
import { alignment, along, length, nodes, number } from './values.js';

/** @typedef {import('./types.js').Constraints} Constraints @typedef {import('./types.js').Rule} Rule */

/**
 * @typedef {object} StackChild
 * @property {any} node
 * @property {string} path
 * @property {{left: number | null, top: number | null, right: number | null, bottom: number | null, width: number | null, height: number | null} | null} at
 *   null when the stack's alignment decides
 */

/** The sides of a `positioned` node, in each of its spellings. @param {any} node @param {import('./types.js').Direction} direction */
function sides(node, direction) {
  const rect = node.positionedType === 'fromRect' ? node.rect : null;
  if (rect) return fromRect(rect);
  const fill = node.positionedType === 'fill' ? 0 : null;
  const side = (/** @type {string} */ name) => number(node[name]);
  let [left, right] = [side('left'), side('right')];
  if (node.positionedType === 'directional') {
    [left, right] = [side('start'), side('end')];
    if ((node.textDirection ?? direction) === 'rtl') [left, right] = [right, left];
  }
  return { left: left ?? fill, top: side('top') ?? fill, right: right ?? fill, bottom: side('bottom') ?? fill, width: length(node.width), height: length(node.height) };
}

/** @param {any} rect  Stac's rect: by sides (fromLTRB), or by side and length (fromLTWH, fromCenter) */
function fromRect(rect) {
  const value = (/** @type {string} */ name) => number(rect[name]) ?? 0;
  const width = rect.width == null ? value('right') - value('left') : value('width');
  const height = rect.height == null ? value('bottom') - value('top') : value('height');
  const center = rect.center ? { x: number(rect.center.dx) ?? 0, y: number(rect.center.dy) ?? 0 } : null;
  return {
    left: center ? center.x - width / 2 : value('left'), top: center ? center.y - height / 2 : value('top'),
    right: null, bottom: null, width, height,
  };
}

/** @param {any} node @param {string} path @param {import('./engine.js').Context} context @returns {StackChild[]} */
function childrenOf(node, path, context) {
  return nodes(node.children).map((/** @type {any} */ child, /** @type {number} */ index) => {
    const own = `${path}.children[${index}]`;
    if (child?.type !== 'positioned') return { node: child, path: own, at: null };
    const at = sides(child, context.direction);
    const isFree = Object.values(at).every((each) => each === null);
    return { node: child.child ?? { type: 'sizedBox', width: 0, height: 0 }, path: `${child.jsonPath ?? own}.child`, at: isFree ? null : at };
  });
}

/** @param {string} fit @param {Constraints} c */
function freeConstraints(fit, c) {
  if (fit === 'passthrough') return c;
  if (fit !== 'expand') return loosen(c);
  const { width, height } = constrain(c, Infinity, Infinity);
  return tight(width, height);
}

/** @type {Rule} */
const STACK = {
  layout(node, c, path, context) {
    const children = childrenOf(node, path, context);
    const own = freeConstraints(node.fit ?? 'loose', c);
    const boxes = children.map((child) => (child.at ? null : context.layout(child.node, own, child.path)));
    const size = sizeOf(boxes.filter((box) => box !== null), c);
    const align = alignment(node.alignment, node.textDirection ?? context.direction, 'topStart');
    const placed = children.map((child, index) => {
      const box = boxes[index] ?? context.layout(child.node, positionedConstraints(/** @type {any} */ (child.at), size), child.path);
      const free = along(align, size.width - box.width, size.height - box.height);
      const at = child.at;
      if (!at) return { ...free, box };
      return {
        x: at.left ?? (at.right === null ? free.x : size.width - at.right - box.width),
        y: at.top ?? (at.bottom === null ? free.y : size.height - at.bottom - box.height),
        box,
      };
    });
    const box = holding(node, path, size, placed);
    box.clips = (node.clipBehavior ?? 'hardEdge') !== 'none';
    return box;
  },

  intrinsic: (node, kind, extent, path, context) =>
    Math.max(0, ...childrenOf(node, path, context).filter((child) => !child.at).map((child) => context.intrinsic(child.node, kind, extent, child.path))),
};

/** As large as the largest child without a position; without one, as large as allowed. @param {import('./types.js').Box[]} free @param {Constraints} c */
function sizeOf(free, c) {
  if (free.length) {
    return { width: Math.max(c.minWidth, ...free.map((box) => box.width)), height: Math.max(c.minHeight, ...free.map((box) => box.height)) };
  }
  const most = constrain(c, Infinity, Infinity);
  return Number.isFinite(most.width) && Number.isFinite(most.height) ? most : constrain(c, 0, 0);
}

/** @param {any} at @param {import('./types.js').Size} size */
function positionedConstraints({ left, top, right, bottom, width, height }, size) {
  const between = (/** @type {number | null} */ low, /** @type {number | null} */ high, /** @type {number} */ whole, /** @type {number | null} */ given) => {
    const wanted = low !== null && high !== null ? whole - low - high : given;
    return wanted === null ? null : Math.max(0, wanted);
  };
  return tightFor(between(left, right, size.width, width), between(top, bottom, size.height, height));
}

/** @type {Record<string, Rule>} */
export const STACK_RULES = { stack: STACK, positioned: misplaced('Positioned', 'a stack') };
