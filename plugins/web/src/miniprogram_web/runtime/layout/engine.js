/**
 * Flutter's box layout in JavaScript, without a DOM: a tree of nodes and constraints in, a tree of boxes and diagnostics out.
 * `types.js` describes both; the rules stand in one file per family.
 */

import { ALIGN_RULES } from './align.js';
import { around, leaf } from './boxes.js';
import { constrain } from './constraints.js';
import { FLEX_RULES } from './flex.js';
import { INTRINSIC_RULES } from './intrinsic.js';
import { MATERIAL_RULES } from './material.js';
import { PADDING_RULES } from './padding.js';
import { PROXY_RULES } from './proxy.js';
import { renderName } from './render_names.js';
import { SCROLL_RULES } from './scroll.js';
import { SIZED_RULES } from './sized.js';
import { STACK_RULES } from './stack.js';
import { TABLE_RULES } from './table.js';
import { TEXT_RULES, textsOf } from './text.js';
import { NO_EDGES } from './values.js';
import { WRAP_RULES } from './wrap.js';

/** @typedef {import('./types.js').Box} Box @typedef {import('./types.js').Constraints} Constraints @typedef {import('./types.js').Diagnostic} Diagnostic */
/** @typedef {import('./types.js').LayoutNode} LayoutNode @typedef {import('./types.js').IntrinsicKind} IntrinsicKind @typedef {import('./types.js').Rule} Rule */

/** How each node type behaves. @type {Readonly<Record<string, Rule>>} */
export const RULES = Object.freeze({
  ...FLEX_RULES, ...STACK_RULES, ...ALIGN_RULES, ...PADDING_RULES, ...SIZED_RULES, ...WRAP_RULES, ...TABLE_RULES, ...SCROLL_RULES,
  ...TEXT_RULES, ...INTRINSIC_RULES, ...PROXY_RULES,
});

/** Parts that widgets are made of. No document has them: they are not checked against what an author may write. @type {Record<string, Rule>} */
const PART_RULES = { ...MATERIAL_RULES };

/** Parts of widgets that are loaded later. @param {Record<string, Rule>} rules */
export function addParts(rules) {
  Object.assign(PART_RULES, rules);
}

/** Deeper trees would end the stack; real screens have some dozens of levels. */
export const MOST_LEVELS = 600;

/** A type without a rule takes its child's size, or no room. @type {Rule} */
const UNKNOWN = {
  layout(node, c, path, context) {
    context.report('unknown_type', path, `No layout is known for ${node?.type ? `"${node.type}"` : 'a node without a type'}.`);
    if (!node?.child) return leaf(node, path, constrain(c, 0, 0));
    const child = context.layout(node.child, c, `${path}.child`);
    return around(node, path, child, child);
  },
  intrinsic: (node, kind, extent, path, context) => (node?.child ? context.intrinsicOfChild(node, kind, extent, path) : 0),
};

/** @param {any} node @returns {Rule} */
const ruleOf = (node) => {
  const type = node?.type;
  if (typeof type !== 'string') return UNKNOWN;
  if (Object.hasOwn(RULES, type)) return RULES[type];
  return Object.hasOwn(PART_RULES, type) ? PART_RULES[type] : UNKNOWN;
};

/** One run of the engine: what rules ask for, and what they report. */
export class Context {
  /** @type {Diagnostic[]} */
  diagnostics = [];

  /** Results of intrinsic and dry questions, which nested ones would repeat again and again. @type {WeakMap<object, Map<string, any>>} */
  #answers = new WeakMap();

  #reported = new Set();
  #silent = 0;
  #depth = 0;

  /** @param {import('./types.js').LayoutOptions} options */
  constructor({ measurer, direction = 'ltr', textScale = 1, safeArea = NO_EDGES }) {
    this.measurer = measurer;
    this.direction = direction;
    this.textScale = textScale;
    this.safeArea = safeArea;
  }

  /** @param {any} node @param {Constraints} c @param {string} at @returns {Box} */
  layout(node, c, at) {
    const path = node?.jsonPath ?? at;
    const own = this.withEnd(c, path);
    if (this.#depth >= MOST_LEVELS) {
      this.report('too_deep', path, `The tree has more than ${MOST_LEVELS} levels: what is further inside is left out.`);
      return leaf(node, path, constrain(own, 0, 0));
    }
    const box = this.#once(node, `${path} ${own.minWidth} ${own.maxWidth} ${own.minHeight} ${own.maxHeight} ${this.#silent > 0}`, () => {
      this.#depth += 1;
      const made = ruleOf(node).layout(node, own, path, this);
      this.#depth -= 1;
      return made;
    });
    return this.finite(box, own);
  }

  /** A box whose size has an end: one that has not is reported, and gets the least that it may have. @param {Box} box @param {Constraints} own @returns {Box} */
  finite(box, own) {
    if (Number.isFinite(box.width) && Number.isFinite(box.height)) return box;
    this.report('infinite_size', box.path, box.node.infiniteMessage ?? `${renderName(box.node)} object was given an infinite size during layout.`);
    const [least, low] = [own.minWidth, own.minHeight].map((each) => (Number.isFinite(each) ? each : 0));
    return { ...box, width: Number.isFinite(box.width) ? box.width : least, height: Number.isFinite(box.height) ? box.height : low };
  }

  /** Layout that only asks: nothing is reported. @param {any} node @param {Constraints} c @param {string} path @returns {Box} */
  dry(node, c, path) {
    return this.#once(node, `dry ${c.minWidth} ${c.maxWidth} ${c.minHeight} ${c.maxHeight}`, () => {
      this.#silent += 1;
      try {
        return this.layout(node, c, path);
      } finally {
        this.#silent -= 1;
      }
    });
  }

  /** @param {any} node @param {IntrinsicKind} kind @param {number} extent  of the other axis @param {string} at @returns {number} */
  intrinsic(node, kind, extent, at) {
    const path = node?.jsonPath ?? at;
    if (this.#depth >= MOST_LEVELS) return 0;
    return this.#once(node, `${kind} ${extent}`, () => {
      this.#depth += 1;
      const found = ruleOf(node).intrinsic(node, kind, extent, path, this);
      this.#depth -= 1;
      return found;
    });
  }

  /** @param {any} node @param {IntrinsicKind} kind @param {number} extent @param {string} path  of `node` */
  intrinsicOfChild(node, kind, extent, path) {
    return node.child ? this.intrinsic(node.child, kind, extent, `${path}.child`) : 0;
  }

  /** Note something that is wrong with the tree, once. @param {string} code @param {string} path @param {string} message @param {{pixels?: number}} [more] */
  report(code, path, message, more = {}) {
    const key = `${code} ${path}`;
    if (this.#silent || this.#reported.has(key)) return;
    this.#reported.add(key);
    this.diagnostics.push({ code, path, message, ...more });
  }

  /** Constraints whose minimum has no end cannot be met. @param {Constraints} c @param {string} path */
  withEnd(c, path) {
    const wide = c.minWidth === Infinity;
    const high = c.minHeight === Infinity;
    if (!wide && !high) return c;
    const names = [wide ? 'infinite width' : '', high ? 'infinite height' : ''].filter(Boolean).join(' and ');
    this.report('infinite_size', path, `BoxConstraints forces an ${names}.`);
    return { ...c, minWidth: wide ? 0 : c.minWidth, minHeight: high ? 0 : c.minHeight };
  }

  /** @template T @param {any} node @param {string} key @param {() => T} work @returns {T} */
  #once(node, key, work) {
    if (!node || typeof node !== 'object') return work();
    let answers = this.#answers.get(node);
    if (!answers) this.#answers.set(node, (answers = new Map()));
    if (!answers.has(key)) answers.set(key, work());
    return answers.get(key);
  }
}

/**
 * Lay out a tree.
 * @param {LayoutNode} tree @param {Constraints} c @param {import('./types.js').LayoutOptions} options
 * @returns {{box: Box, diagnostics: Diagnostic[]}}
 */
export function layout(tree, c, options) {
  const context = new Context(options);
  options.measurer.prepare(textsOf(tree, context, MOST_LEVELS));
  return { box: context.layout(tree, c, '$'), diagnostics: context.diagnostics };
}
