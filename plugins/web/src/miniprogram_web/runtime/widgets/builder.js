/** Stac JSON to layout nodes: every node by its widget, what nobody knows as a labelled placeholder. */

import { RULES } from '../layout/engine.js';
import { SLIVER_TYPES } from '../layout/slivers.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { withTheme } from '../theme/components.js';
import { LATER } from './later.js';
import { resolveText } from './scope.js';

/** @typedef {import('./scope.js').Scope} Scope @typedef {import('../layout/types.js').LayoutNode} LayoutNode */
/** @typedef {import('../catalogue.js').Nodes} Nodes */
/**
 * What builds the widgets of a type, or of several: `Build<'text'>`. Only the catalogue's properties of these types can be read.
 * @template {keyof Nodes} [K=any]
 * @typedef {(w: Widget<Nodes[K]>) => LayoutNode | null} Build
 */

/** Deeper or larger trees are mistakes or attacks; what is beyond is left out and reported. */
export const MOST_LEVELS = 200;
export const MOST_NODES = 20_000;

/** @type {Map<string, Build>} */
const WIDGETS = new Map();

/** Every widget that is built here, by type. @param {Record<string, Build>} widgets */
export function register(widgets) {
  for (const [type, build] of Object.entries(widgets)) WIDGETS.set(type, build);
}

/** @type {Map<import('./later.js').Load, Promise<void>>} */
const loads = new Map();

/** @param {import('./later.js').Load} load */
function loaded(load) {
  if (!loads.has(load)) loads.set(load, load().then(register));
  return /** @type {Promise<void>} */ (loads.get(load));
}

/** Load all that is loaded later. */
export const loadAll = () => Promise.all([...new Set(LATER.values())].map(loaded));

/** Load the widgets that are like one of this type, then draw again. @param {import('../view/view.js').View} view @param {string} type */
function loadLater(view, type) {
  loaded(/** @type {import('./later.js').Load} */ (LATER.get(type))).then(() => view.refresh(), (error) => view.warn({ code: 'broken_widget', path: '$', message: `Some widgets could not be loaded: ${error.message}` }));
}

export const knownTypes = () => new Set([...WIDGETS.keys(), ...LATER.keys(), ...Object.keys(RULES), ...SLIVER_TYPES]);

/** Slots that hold one node, and slots that hold several, of the types that layout knows by itself. */
const CHILD_SLOTS = ['child', 'sliver', 'separator', 'replacement', 'replacementSliver'];
const CHILDREN_SLOTS = ['children', 'slivers'];

/** One build of one tree. */
export class Builder {
  #nodes = 0;

  /** @param {import('../view/view.js').View} view @param {import('../view/page.js').Page} page */
  constructor(view, page) {
    this.view = view;
    this.page = page;
    this.theme = view.theme;
  }

  /** @param {any} node @param {string} path @param {Scope} scope @returns {LayoutNode | null} */
  build(node, path, scope) {
    if (!node || typeof node !== 'object' || Array.isArray(node)) return null;
    this.#nodes += 1;
    if (scope.level >= MOST_LEVELS) return this.#leftOut('too_deep', path, `The screen has more than ${MOST_LEVELS} levels: what is further inside is left out.`);
    if (this.#nodes > MOST_NODES) return this.#leftOut('too_large', '$', `The screen has more than ${MOST_NODES} widgets: the rest is left out.`);
    const widget = new Widget(this, withTheme(node, this.theme.components), path, { ...scope, level: scope.level + 1 });
    const make = typeof node.type === 'string' ? WIDGETS.get(node.type) : undefined;
    if (!make && LATER.has(node.type)) {
      loadLater(this.view, node.type);
      return widget.native({ type: node.type === 'sliverAppBar' ? 'sliverToBoxAdapter' : 'proxyBox', child: widget.slot('child') ?? { type: 'sizedBox' } });
    }
    try {
      const made = make ? make(widget) : this.#native(widget);
      return made ? { jsonPath: path, ...made } : null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.view.warn({ code: 'broken_widget', path, message: `"${node.type}" cannot be drawn: ${reason}` });
      return placeholder(widget, []);
    }
  }

  /** @param {Widget} widget @returns {LayoutNode} */
  #native(widget) {
    const { node, path } = widget;
    const known = typeof node.type === 'string' && (Object.hasOwn(RULES, node.type) || SLIVER_TYPES.includes(node.type));
    if (known) return widget.native();
    const name = node.type === undefined ? 'A node without a type' : `The widget "${node.type}"`;
    this.view.warn({ code: 'unknown_type', path, message: `${name} is not known: a placeholder stands in its place.` });
    return placeholder(widget, childrenOf(widget));
  }

  /** @param {string} code @param {string} path @param {string} message */
  #leftOut(code, path, message) {
    this.view.warn({ code, path, message });
    return null;
  }
}

/** Whatever looks like a widget inside a node that nobody knows. @param {Widget} widget */
function childrenOf({ raw: node, path, builder, scope }) {
  return Object.entries(node).flatMap(([slot, value]) => [value].flat().map((each, at) =>
    (each && typeof each === 'object' && typeof each.type === 'string' && !slot.startsWith('on')
      ? builder.build(each, Array.isArray(value) ? `${path}.${slot}[${at}]` : `${path}.${slot}`, scope) : null))).filter((each) => each !== null);
}

/** @param {Widget} widget @param {LayoutNode[]} children */
function placeholder(widget, children) {
  const label = widget.text(String(widget.node.type ?? '?').slice(0, 80), 'labelSmall', themeColor('onErrorContainer'));
  return {
    type: 'container', padding: 4,
    look: { className: 'mp-unknown', attributes: { role: 'group', 'aria-label': `unknown widget ${widget.node.type ?? ''}` } },
    child: { type: 'column', mainAxisSize: 'min', crossAxisAlignment: 'start', children: [label, ...children] },
  };
}

/**
 * A node while it is built: what it has, what it inherits, and how its parts are made.
 * @template [N=any]
 */
export class Widget {
  /** @param {Builder} builder @param {any} node @param {string} path @param {Scope} scope */
  constructor(builder, node, path, scope) {
    this.builder = builder;
    this.view = builder.view;
    this.page = builder.page;
    this.theme = builder.theme;
    /** @type {N & {type: string}} */
    this.node = node;
    /** The same for properties by name. @type {any} */
    this.raw = node;
    this.path = path;
    this.scope = scope;
  }

  /** The node in one slot. @param {string} name @param {Partial<Scope>} [inherited] @returns {LayoutNode | null} */
  slot(name, inherited = {}) {
    return this.builder.build(this.raw[name], `${this.path}.${name}`, { ...this.scope, ...inherited });
  }

  /** The nodes in a slot for several; a single one counts as well. @param {string} name @param {Partial<Scope>} [inherited] @returns {LayoutNode[]} */
  slots(name, inherited = {}) {
    const value = this.raw[name];
    if (!Array.isArray(value)) return [];
    const scope = { ...this.scope, ...inherited };
    return /** @type {LayoutNode[]} */ (value.map((each, at) => this.builder.build(each, `${this.path}.${name}[${at}]`, scope)).filter(Boolean));
  }

  /** A node of layout's own, with its children built. @param {object} [more] @param {Partial<Scope>} [inherited] @returns {LayoutNode} */
  native(more = {}, inherited = {}) {
    const made = { ...this.raw, jsonPath: this.path, look: undefined, parts: undefined };
    for (const name of CHILD_SLOTS) if (this.raw[name]) made[name] = this.slot(name, inherited) ?? undefined;
    for (const name of CHILDREN_SLOTS) if (this.raw[name]) made[name] = this.slots(name, inherited);
    return { ...made, ...more };
  }

  /** CSS of a color property, or of what stands for it. @param {string} name @param {string} [fallback] */
  color(name, fallback = '') {
    return cssColor(this.raw[name]) || fallback;
  }

  /** A text of the widget's own. @param {string} data @param {any} style  name, or a style @param {string} [color]  CSS @param {object} [more] @returns {LayoutNode} */
  text(data, style, color, more = {}) {
    const resolved = resolveText(style, this.scope.text, this.theme);
    return { type: 'text', data, jsonPath: this.path, style: color ? { ...resolved, paint: { ...resolved.paint, color } } : resolved, ...more };
  }

  /** A value that lasts as long as the screen. @template T @param {string} name @param {T} initial @returns {{value: T, set: (value: T) => void}} */
  state(name, initial) {
    const key = `${this.path} ${name}`;
    const { state } = this.page;
    return {
      value: state.has(key) ? state.get(key) : initial,
      set: (value) => {
        state.set(key, value);
        this.view.refresh();
      },
    };
  }

  /** What runs the action in a slot; nothing where there is none. @param {string} name @returns {((...args: any[]) => void) | undefined} */
  action(name) {
    return this.runner(this.raw[name]);
  }

  /** @param {any} action @returns {((...args: any[]) => void) | undefined} */
  runner(action) {
    if (!action || typeof action !== 'object') return undefined;
    return () => { void this.view.run(action, { page: this.page, form: this.scope.form, path: this.path }); };
  }
}
