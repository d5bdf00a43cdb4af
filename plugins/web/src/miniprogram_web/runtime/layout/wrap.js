/** Children in lines that break when one does not fit any more: wrap. Flutter's RenderWrap. */

import { holding } from './boxes.js';
import { constrain, constraints } from './constraints.js';
import { distribute } from './flex.js';
import { nodes, number } from './values.js';

/** @typedef {import('./types.js').Box} Box @typedef {import('./types.js').Rule} Rule */

/** @typedef {{boxes: Box[], main: number, cross: number}} Line */

const TOLERANCE = 1e-10;

/** @param {Box[]} boxes @param {boolean} horizontal @param {number} spacing @param {number} limit @returns {Line[]} */
function linesOf(boxes, horizontal, spacing, limit) {
  /** @type {Line[]} */
  const lines = [];
  for (const box of boxes) {
    const main = horizontal ? box.width : box.height;
    const cross = horizontal ? box.height : box.width;
    const line = lines.at(-1);
    if (!line || line.main + spacing + main - limit > TOLERANCE) lines.push({ boxes: [box], main, cross });
    else {
      line.boxes.push(box);
      line.main += spacing + main;
      line.cross = Math.max(line.cross, cross);
    }
  }
  return lines;
}

/** @param {string} align @param {number} free @param {boolean} flipped */
function crossOffset(align, free, flipped) {
  if (align === 'center') return free / 2;
  return (align === 'end') === flipped ? 0 : free;
}

/** @type {Rule} */
const WRAP = {
  layout(node, c, path, context) {
    const horizontal = (node.direction ?? 'horizontal') === 'horizontal';
    const spacing = number(node.spacing) ?? 0;
    const runSpacing = number(node.runSpacing) ?? 0;
    const own = horizontal ? constraints(0, c.maxWidth) : constraints(0, Infinity, 0, c.maxHeight);
    const boxes = nodes(node.children).map((/** @type {any} */ child, /** @type {number} */ at) => context.layout(child, own, `${path}.children[${at}]`));
    const lines = linesOf(boxes, horizontal, spacing, horizontal ? c.maxWidth : c.maxHeight);
    const longest = Math.max(0, ...lines.map((line) => line.main));
    const across = lines.reduce((sum, line) => sum + line.cross, runSpacing * Math.max(0, lines.length - 1));
    const size = horizontal ? constrain(c, longest, across) : constrain(c, across, longest);
    const [mainSize, crossSize] = horizontal ? [size.width, size.height] : [size.height, size.width];
    const rightToLeft = (node.textDirection ?? context.direction) === 'rtl';
    const upwards = node.verticalDirection === 'up';
    const [mainFlipped, crossFlipped] = horizontal ? [rightToLeft, upwards] : [upwards, rightToLeft];

    const offsets = new Map();
    let [cross, nextLine] = distribute(node.runAlignment ?? 'start', Math.max(0, crossSize - across), lines.length, crossFlipped, runSpacing);
    for (const line of crossFlipped ? [...lines].reverse() : lines) {
      let [main, next] = distribute(node.alignment ?? 'start', Math.max(0, mainSize - line.main), line.boxes.length, mainFlipped, spacing);
      for (const box of mainFlipped ? [...line.boxes].reverse() : line.boxes) {
        const inLine = crossOffset(node.crossAxisAlignment ?? 'start', line.cross - (horizontal ? box.height : box.width), crossFlipped);
        offsets.set(box, horizontal ? { x: main, y: cross + inLine } : { x: cross + inLine, y: main });
        main += (horizontal ? box.width : box.height) + next;
      }
      cross += line.cross + nextLine;
    }
    const box = holding(node, path, size, boxes.map((/** @type {Box} */ each) => ({ ...offsets.get(each), box: each })));
    box.clips = (node.clipBehavior ?? 'none') !== 'none';
    return box;
  },

  intrinsic(node, kind, extent, path, context) {
    const horizontal = (node.direction ?? 'horizontal') === 'horizontal';
    const wide = kind === 'minWidth' || kind === 'maxWidth';
    if (wide !== horizontal) {
      const box = context.dry(node, horizontal ? constraints(0, extent) : constraints(0, Infinity, 0, extent), path);
      return horizontal ? box.height : box.width;
    }
    const lengths = nodes(node.children).map((/** @type {any} */ child, /** @type {number} */ at) =>
      context.intrinsic(child, kind, Infinity, `${path}.children[${at}]`));
    if (kind === 'minWidth' || kind === 'minHeight') return Math.max(0, ...lengths);
    return lengths.reduce((/** @type {number} */ sum, /** @type {number} */ each) => sum + each, 0);
  },
};

/** @type {Record<string, Rule>} */
export const WRAP_RULES = { wrap: WRAP };
