/** The room around what is typed: label, prefix, suffix, helper (RenderDecoration of a Material text field). */

import { holding } from './boxes.js';
import { constrain, constraints } from './constraints.js';

/** @typedef {import('./types.js').Box} Box @typedef {import('./types.js').Rule} Rule @typedef {import('./types.js').PlacedBox} PlacedBox */

const ICON_LEAST = 48;
const SUBTEXT_GAP = 4;
const ICON_GAP = 4;

/**
 * Parts: label (as large as it is now), prefixIcon, suffixIcon, prefix, suffix, icon, helper, counter, field.
 * Values: padding, border ('outline' | 'underline' | 'none'), lineHeight, lines, floats (the label is above), labelHeight, dense.
 * @type {Rule}
 */
const INPUT = {
  layout(node, c, path, context) {
    const { parts } = node;
    const lay = (/** @type {string} */ name, /** @type {import('./types.js').Constraints} */ own) => (parts[name] ? context.layout(parts[name], own, `${path}.${name}`) : null);
    if (!Number.isFinite(c.maxWidth)) {
      context.report('infinite_size', path, 'An InputDecorator, which is typically created by a TextField, cannot have an unbounded width.');
    }
    const all = Number.isFinite(c.maxWidth) ? c.maxWidth : Math.max(c.minWidth, 300);
    const rightToLeft = context.direction === 'rtl';
    const { padding } = node;
    const icon = lay('icon', constraints());
    const outside = icon ? icon.width + 16 : 0;
    const width = Math.max(0, all - outside);
    const least = node.iconLimits ?? constraints(ICON_LEAST, Infinity, ICON_LEAST, Infinity);
    const prefixIcon = lay('prefixIcon', least);
    const suffixIcon = lay('suffixIcon', node.suffixLimits ?? least);
    const [padStart, padEnd] = rightToLeft ? [padding.right, padding.left] : [padding.left, padding.right];
    const start = prefixIcon ? prefixIcon.width + ICON_GAP : padStart + (node.inputGap ?? 0);
    const end = suffixIcon ? suffixIcon.width + ICON_GAP : padEnd + (node.inputGap ?? 0);
    const prefix = lay('prefix', constraints(0, width));
    const suffix = lay('suffix', constraints(0, width));
    const room = Math.max(0, width - start - end - (prefix?.width ?? 0) - (suffix?.width ?? 0));
    const labelRoom = Math.max(0, width - start - end);
    const label = lay('label', constraints(0, node.floats ? labelRoom / 0.75 : labelRoom));
    const above = node.border === 'outline' || !parts.label ? 0 : node.floatingLabelHeight;
    const inputHeight = node.lineHeight * node.lines;
    const wanted = Math.max(prefixIcon?.height ?? 0, suffixIcon?.height ?? 0, above + padding.top + inputHeight + padding.bottom);
    const containerHeight = node.collapsed ? inputHeight : node.expands && Number.isFinite(c.maxHeight) ? c.maxHeight : Math.max(wanted, node.dense ? inputHeight : 48);
    // What is typed moves to the middle of the least height, but not of an icon that is higher.
    const spare = Math.max(0, (node.dense ? inputHeight : 48) - wanted);
    const inputTop = node.collapsed ? 0 : node.border === 'outline' && !node.expands ? (containerHeight - inputHeight) / 2 : above + padding.top + (node.lines === 1 ? spare / 2 : 0);
    const height = node.expands ? containerHeight - inputTop - padding.bottom : inputHeight;
    const field = lay('field', constraints(room, room, height, height));
    const helper = lay('helper', constraints(0, Math.max(0, width - 24)));
    const counter = lay('counter', constraints(0, Math.max(0, width - 24)));
    const below = Math.max(helper?.height ?? 0, counter?.height ?? 0);
    const container = context.layout({ ...parts.container, width, height: containerHeight }, constraints(width, width, containerHeight, containerHeight), `${path}.container`);
    const size = constrain(c, all, containerHeight + (below ? SUBTEXT_GAP + below : 0));
    /** @type {PlacedBox[]} */
    const children = [];
    const put = (/** @type {Box | null} */ box, /** @type {number} */ x, /** @type {number} */ y, /** @type {{x: number, y: number} | undefined} */ scale = undefined) => {
      if (box) children.push({ x: rightToLeft ? all - x - box.width * (scale?.x ?? 1) : x, y, box, ...(scale ? { scale } : {}) });
    };
    const middle = (/** @type {Box | null} */ box) => (containerHeight - (box?.height ?? 0)) / 2;
    put(container, outside, 0);
    put(icon, 0, middle(icon));
    put(prefixIcon, outside, middle(prefixIcon));
    put(suffixIcon, outside + width - (suffixIcon?.width ?? 0), middle(suffixIcon));
    put(prefix, outside + start, inputTop + (inputHeight - (prefix?.height ?? 0)) / 2);
    put(field, outside + start + (prefix?.width ?? 0), inputTop);
    put(suffix, outside + width - end - (suffix?.width ?? 0), inputTop + (inputHeight - (suffix?.height ?? 0)) / 2);
    if (label) {
      if (!node.floats) put(label, outside + start, node.alignLabelWithHint ? inputTop + (node.lineHeight - label.height) / 2 : middle(label));
      else if (node.border === 'outline') put(label, outside + (prefixIcon ? start : padStart + (node.inputGap ?? 0)), -label.height * 0.375, { x: 0.75, y: 0.75 });
      else put(label, outside + start, padding.top, { x: 0.75, y: 0.75 });
    }
    const inset = node.border === 'underline' && !node.filled ? 0 : 16;
    put(helper, outside + inset, containerHeight + SUBTEXT_GAP);
    put(counter, outside + width - inset - (counter?.width ?? 0), containerHeight + SUBTEXT_GAP);
    const box = holding(node, path, size, children);
    return { ...box, baseline: inputTop + node.lineHeight * 0.75 };
  },
  intrinsic(node, kind, extent, path, context) {
    if (kind === 'minWidth' || kind === 'maxWidth') return 0;
    return context.dry(node, constraints(0, Number.isFinite(extent) ? extent : 300), path).height;
  },
};

/** @type {Record<string, Rule>} */
export const INPUT_RULES = { inputBox: INPUT };
