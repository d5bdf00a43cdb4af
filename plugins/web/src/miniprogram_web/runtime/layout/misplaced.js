/** Nodes that only tell their parent something (expanded, positioned, tableCell), where that parent is missing. */

import { leaf } from './boxes.js';
import { constrain } from './constraints.js';

/** What is inside is laid out all the same. @param {string} name @param {string} where @returns {import('./types.js').Rule} */
export const misplaced = (name, where) => ({
  layout(node, c, path, context) {
    context.report('misplaced', path, `Incorrect use of ParentDataWidget: ${name} must be placed directly inside ${where}.`);
    return node.child ? context.layout(node.child, c, `${path}.child`) : leaf(node, path, constrain(c, 0, 0));
  },
  intrinsic: (node, kind, extent, path, context) => context.intrinsicOfChild(node, kind, extent, path),
});
