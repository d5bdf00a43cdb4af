/**
 * A screen of Stac JSON as layout nodes, for checking its layout where nothing is drawn: Material parts become boxes of the size
 * they have on Android, everything else stays what it is. Every node keeps its JSON path.
 */

import { MOST_LEVELS, RULES } from '../layout/engine.js';
import { SLIVER_TYPES } from '../layout/slivers.js';
import { number } from '../layout/values.js';

const TOOLBAR = 56;
const NAVIGATION_BAR = 80;
const TAB_BAR = 48;
const TAP_TARGET = 48;
const ICON = 24;
const INPUT_WITHOUT_BOUND = 'An InputDecorator, which is typically created by a TextField, cannot have an unbounded width.';

/** Slots that hold one node, and slots that hold several. */
const CHILD_SLOTS = ['child', 'sliver', 'separator', 'replacement', 'replacementSliver'];
const CHILDREN_SLOTS = ['children', 'slivers'];

/** @param {number | null} width @param {number | null} height @param {any} [child] */
const box = (width, height, child) => ({ type: 'sizedBox', ...(width === null ? {} : { width }), ...(height === null ? {} : { height }), ...(child ? { child } : {}) });

/** A child with padding around, at least as high as a finger needs. @param {any} child @param {number} sides @param {number} [least] */
const padded = (child, sides, least = TAP_TARGET) => ({
  type: 'container', constraints: { minWidth: 64, maxWidth: 'infinity', minHeight: least, maxHeight: 'infinity' }, padding: [sides, 0, sides, 0],
  child: { type: 'center', widthFactor: 1, heightFactor: 1, child },
});

/** Turns the nodes below one slot. @typedef {(slot: string) => any} Slot */

/** @param {any} node @param {Slot} slot */
function listTile(node, slot) {
  const texts = ['title', 'subtitle'].map(slot).filter(Boolean);
  const least = node.isThreeLine ? 88 : node.subtitle ? 72 : 56;
  const parts = [
    node.leading && { type: 'padding', padding: [0, 0, 16, 0], child: slot('leading') },
    { type: 'expanded', child: { type: 'column', crossAxisAlignment: 'start', mainAxisSize: 'min', children: texts } },
    node.trailing && { type: 'padding', padding: [16, 0, 0, 0], child: slot('trailing') },
  ].filter(Boolean);
  return {
    type: 'container', constraints: { minWidth: 0, maxWidth: 'infinity', minHeight: least, maxHeight: 'infinity' }, padding: [16, 8, 24, 8],
    child: { type: 'row', children: parts },
  };
}

/** Top bar, body with loose constraints in what is left, bottom bar. @param {any} node @param {Slot} slot */
function scaffold(node, slot) {
  const body = slot('body');
  const parts = [
    node.appBar && slot('appBar'),
    { type: 'expanded', child: { type: 'align', alignment: 'topStart', ...(body ? { child: body } : {}) } },
    node.bottomNavigationBar && slot('bottomNavigationBar'),
  ].filter(Boolean);
  return { type: 'column', crossAxisAlignment: 'stretch', children: parts };
}

/** @param {any} node @param {Slot} slot */
const appBar = (node, slot) =>
  box(null, (number(node.toolbarHeight) ?? TOOLBAR) + (node.bottom ? TAB_BAR : 0), slot('title') && { type: 'align', child: { type: 'limitedBox', maxHeight: TOOLBAR, child: slot('title') } });

/** @param {number} sides */
const button = (sides) => (/** @type {any} */ _node, /** @type {Slot} */ slot) => padded(slot('child') ?? box(0, 0), sides);

/** As wide as allowed, which has to have an end. @param {number} height */
const field = (height) => () => ({ ...box(Infinity, height), infiniteMessage: INPUT_WITHOUT_BOUND });

/** @param {any} node */
const icon = (node) => box(number(node.size) ?? ICON, number(node.size) ?? ICON);

/** @param {any} node @param {Slot} slot */
const card = (node, slot) => ({ type: 'padding', padding: node.margin ?? 4, child: slot('child') ?? box(0, 0) });

/** @param {any} node */
const circle = (node) => {
  const diameter = 2 * (number(node.radius) ?? number(node.minRadius) ?? 20);
  return box(diameter, diameter);
};

/** How a widget of the catalogue becomes layout nodes. @type {Record<string, (node: any, slot: Slot) => any>} */
const PARTS = {
  scaffold, appBar, listTile, card,
  elevatedButton: button(24), filledButton: button(24), outlinedButton: button(24), textButton: button(12),
  iconButton: (node) => box(Math.max(TAP_TARGET, (number(node.iconSize) ?? ICON) + 16), Math.max(TAP_TARGET, (number(node.iconSize) ?? ICON) + 16)),
  floatingActionButton: () => box(56, 56),
  icon,
  image: (node) => box(number(node.width) ?? 0, number(node.height) ?? 0),
  circleAvatar: circle,
  divider: (node) => box(null, number(node.height) ?? 16),
  verticalDivider: (node) => box(number(node.width) ?? 16, null),
  textField: field(56), textFormField: field(56), dropdownMenu: () => box(180, 56), slider: () => box(null, TAP_TARGET),
  checkBox: () => box(TAP_TARGET, TAP_TARGET), radio: () => box(TAP_TARGET, TAP_TARGET), switch: () => box(60, TAP_TARGET),
  chip: (_node, slot) => padded(slot('label') ?? box(0, 0), 16),
  circularProgressIndicator: () => box(36, 36), linearProgressIndicator: () => box(null, 4),
  bottomNavigationBar: () => box(null, NAVIGATION_BAR), navigationBar: () => box(null, NAVIGATION_BAR), tabBar: () => box(null, TAB_BAR),
  conditional: (node, slot) => slot('ifTrue') ?? slot('ifFalse') ?? box(0, 0),
};

/** The upper levels of a screen; what is deeper stays what it is, and is too deep to be laid out. @param {any} node @param {string} [path] @param {number} [levels] @returns {any} */
export function screenNode(node, path = '$', levels = MOST_LEVELS) {
  if (levels < 0 || !node || typeof node !== 'object' || Array.isArray(node)) return node;
  const part = Object.hasOwn(PARTS, node.type) ? PARTS[node.type] : null;
  if (part) {
    const slot = (/** @type {string} */ name) => (node[name] ? screenNode(node[name], `${path}.${name}`, levels - 1) : null);
    return { ...part(node, slot), jsonPath: path };
  }
  const known = Object.hasOwn(RULES, node.type) || SLIVER_TYPES.includes(node.type) || node.type === undefined;
  if (!known && !node.child) return { ...box(0, 0), jsonPath: path };
  const turned = { ...node, ...(known ? {} : { type: 'opacity', opacity: 1 }), jsonPath: path };
  for (const slot of CHILD_SLOTS) if (node[slot]) turned[slot] = screenNode(node[slot], `${path}.${slot}`, levels - 1);
  for (const slot of CHILDREN_SLOTS) {
    if (Array.isArray(node[slot])) turned[slot] = node[slot].map((/** @type {any} */ each, /** @type {number} */ at) => screenNode(each, `${path}.${slot}[${at}]`, levels - 1));
  }
  return turned;
}
