/** Boxes of Material widgets that no combination of the basic ones gives: tap targets, list tiles, toolbars, scaffolds, images. */

import { around, holding, leaf } from './boxes.js';
import { clamp, constrain, constrainKeepingRatio, constraints, enforce, isTight, loosen, tight, tightFor } from './constraints.js';
import { length, nodes, notNegative } from './values.js';

/** @typedef {import('./types.js').Box} Box @typedef {import('./types.js').Constraints} Constraints @typedef {import('./types.js').Rule} Rule */
/** @typedef {import('./types.js').PlacedBox} PlacedBox */

const isWide = (/** @type {string} */ kind) => kind === 'minWidth' || kind === 'maxWidth';

/** At least as large as a finger needs; the child, in the middle, keeps its own size (Flutter's _InputPadding). @type {Rule} */
const TAP_TARGET = {
  layout(node, c, path, context) {
    const child = context.layout(node.child, c, `${path}.child`);
    const size = constrain(c, Math.max(child.width, node.minWidth ?? 48), Math.max(child.height, node.minHeight ?? 48));
    return around(node, path, size, child, (size.width - child.width) / 2, (size.height - child.height) / 2);
  },
  intrinsic: (node, kind, extent, path, context) =>
    Math.max(context.intrinsicOfChild(node, kind, extent, path), (isWide(kind) ? node.minWidth : node.minHeight) ?? 48),
};

/** The children that a node with `parts` has. @param {any} node @param {string} path */
const partsOf = (node, path) => ({
  has: (/** @type {string} */ name) => Boolean(node.parts[name]),
  layout: (/** @type {string} */ name, /** @type {Constraints} */ c, /** @type {import('./engine.js').Context} */ context) =>
    (node.parts[name] ? context.layout(node.parts[name], c, `${path}.${name}`) : null),
  intrinsic: (/** @type {string} */ name, /** @type {import('./types.js').IntrinsicKind} */ kind, /** @type {number} */ extent, /** @type {import('./engine.js').Context} */ context) =>
    (node.parts[name] ? context.intrinsic(node.parts[name], kind, extent, `${path}.${name}`) : 0),
});

/** As its child is; for an element around it. @type {Rule} */
const PROXY = {
  layout(node, c, path, context) {
    const child = context.layout(node.child, c, `${path}.child`);
    return around(node, path, child, child);
  },
  intrinsic: (node, kind, extent, path, context) => context.intrinsicOfChild(node, kind, extent, path),
};

const LIST_TILE_WITHOUT_WIDTH = 'BoxConstraints forces an infinite width.';

/**
 * Leading, title over subtitle, trailing (RenderListTile).
 * `threeLine`, `dense`, `gap` (16), `minLeading` (24), `minVertical` (8), `align` (ListTileTitleAlignment), `least`: heights given.
 * @type {Rule}
 */
const LIST_TILE = {
  layout(node, c, path, context) {
    const parts = partsOf(node, path);
    const gap = node.gap ?? 16;
    const vertical = node.minVertical ?? 8;
    if (!Number.isFinite(c.maxWidth)) context.report('infinite_size', path, LIST_TILE_WITHOUT_WIDTH);
    const width = Number.isFinite(c.maxWidth) ? c.maxWidth : c.minWidth;
    const loose = constraints(0, width);
    const iconLimits = constraints(0, width, 0, node.dense ? 48 : 56);
    const leading = parts.layout('leading', iconLimits, context);
    const trailing = parts.layout('trailing', iconLimits, context);
    const start = leading ? Math.max(node.minLeading ?? 24, leading.width) + gap : 0;
    const end = trailing ? Math.max(trailing.width + gap, 32) : 0;
    const textWidth = Math.max(0, width - start - end);
    const textLimits = constraints(textWidth, textWidth);
    const title = parts.layout('title', textLimits, context);
    const subtitle = parts.layout('subtitle', textLimits, context);
    const standard = tileHeight(node);
    const placed = subtitle ? twoLines(node, title, subtitle, standard, vertical) : oneLine(title, standard, vertical);
    const rightToLeft = context.direction === 'rtl';
    const beside = (/** @type {Box} */ box, /** @type {boolean} */ isLeading) => sideTop(node, box, placed.height, vertical, isLeading, standard);
    /** @type {PlacedBox[]} */
    const children = [];
    const put = (/** @type {Box | null} */ box, /** @type {number} */ x, /** @type {number} */ y) => {
      if (box) children.push({ x: rightToLeft ? width - x - box.width : x, y, box });
    };
    put(leading, 0, leading ? beside(leading, true) : 0);
    put(title, start, placed.titleTop);
    put(subtitle, start, placed.subtitleTop);
    put(trailing, trailing ? width - trailing.width : 0, trailing ? beside(trailing, false) : 0);
    return holding(node, path, constrain(c, width, placed.height), children);
  },
  intrinsic(node, kind, extent, path, context) {
    const parts = partsOf(node, path);
    const of = (/** @type {string} */ name) => parts.intrinsic(name, kind, extent, context);
    if (!isWide(kind)) return Math.max(tileHeight(node), of('title') + of('subtitle'));
    const leading = parts.has('leading') ? Math.max(of('leading'), node.minLeading ?? 24) + (node.gap ?? 16) : 0;
    return leading + Math.max(of('title'), of('subtitle')) + (kind === 'minWidth' ? of('trailing') : of('trailing'));
  },
};

/** @param {any} node */
function tileHeight(node) {
  if (node.least) return node.least;
  const [three, two, one] = node.dense ? [76, 64, 48] : [88, 72, 56];
  return node.threeLine ? three : node.parts.subtitle ? two : one;
}

/** @param {Box | null} title @param {number} standard @param {number} vertical */
function oneLine(title, standard, vertical) {
  const height = Math.max(standard, (title?.height ?? 0) + 2 * vertical);
  return { height, titleTop: (height - (title?.height ?? 0)) / 2, subtitleTop: 0 };
}

/**
 * Title and subtitle on the base lines of the specification, or one under the other where they are too high for that.
 * @param {any} node @param {Box | null} title @param {Box} subtitle @param {number} standard @param {number} vertical
 */
function twoLines(node, title, subtitle, standard, vertical) {
  const [titleLine, subtitleLine] = node.threeLine ? (node.dense ? [22, 42] : [28, 48]) : (node.dense ? [28, 48] : [32, 52]);
  const titleHeight = title?.height ?? 0;
  const wantedTitle = titleLine - (title?.baseline ?? titleHeight);
  const wantedSubtitle = subtitleLine - (subtitle.baseline ?? subtitle.height);
  const halfOverlap = Math.max(wantedTitle + titleHeight - wantedSubtitle, 0) / 2;
  const titleTop = wantedTitle - halfOverlap;
  const subtitleTop = wantedSubtitle + halfOverlap;
  const compact = titleTop < vertical || subtitleTop + subtitle.height + vertical > standard;
  return compact
    ? { height: titleHeight + subtitle.height + 2 * vertical, titleTop: vertical, subtitleTop: vertical + titleHeight }
    : { height: standard, titleTop, subtitleTop };
}

/** @param {any} node @param {Box} box @param {number} height @param {number} vertical @param {boolean} leading @param {number} standard */
function sideTop(node, box, height, vertical, leading, standard) {
  const middle = (height - box.height) / 2;
  switch (node.align ?? 'threeLine') {
    case 'top': return vertical;
    case 'bottom': return height - box.height - vertical;
    case 'center': return middle;
    case 'titleHeight':
      if (height > 72) return 16;
      return leading ? Math.min(middle, 16) : middle;
    default: return node.threeLine && standard ? vertical : middle;
  }
}

/** Leading, middle and trailing of a bar, the middle one centered on demand (NavigationToolbar). @type {Rule} */
const TOOLBAR = {
  layout(node, c, path, context) {
    const parts = partsOf(node, path);
    if (node.fits) return chip(node, c, path, context);
    const width = Number.isFinite(c.maxWidth) ? c.maxWidth : c.minWidth;
    const size = constrain(c, width, node.height ?? c.maxHeight);
    const spacing = node.spacing ?? 16;
    const leading = parts.layout('leading', constraints(0, size.width / (node.third ?? 1), size.height, size.height), context);
    const trailing = parts.layout('trailing', constraints(0, size.width, 0, size.height), context);
    const before = leading?.width ?? 0;
    const after = trailing?.width ?? 0;
    const middle = parts.layout('middle', constraints(0, Math.max(0, size.width - before - after - 2 * spacing), 0, size.height), context);
    const start = before + spacing;
    let x = start;
    if (middle && node.center) {
      x = (size.width - middle.width) / 2;
      if (x + middle.width > size.width - after) x = size.width - after - middle.width - spacing;
      else if (x < start) x = start;
    }
    const rightToLeft = context.direction === 'rtl';
    /** @type {PlacedBox[]} */
    const children = [];
    const put = (/** @type {Box | null} */ box, /** @type {number} */ at) => {
      if (box) children.push({ x: rightToLeft ? size.width - at - box.width : at, y: (size.height - box.height) / 2, box });
    };
    put(leading, 0);
    put(middle, x);
    put(trailing, size.width - after);
    return holding(node, path, size, children);
  },
  intrinsic(node, kind, extent, path, context) {
    const parts = partsOf(node, path);
    const all = ['leading', 'middle', 'trailing'].map((name) => parts.intrinsic(name, kind, extent, context));
    return isWide(kind) ? all[0] + all[1] + all[2] + 2 * (node.spacing ?? 16) : (node.height ?? Math.max(...all));
  },
};

/** As wide as its parts, the middle one narrower where there is no room. @param {any} node @param {Constraints} c @param {string} path @param {import('./engine.js').Context} context */
function chip(node, c, path, context) {
  const parts = partsOf(node, path);
  const leading = parts.layout('leading', loosen(c), context);
  const trailing = parts.layout('trailing', loosen(c), context);
  const beside = (leading?.width ?? 0) + (trailing?.width ?? 0);
  const middle = parts.layout('middle', constraints(0, Math.max(0, c.maxWidth - beside), 0, c.maxHeight), context);
  const all = /** @type {Box[]} */ ([leading, middle, trailing].filter(Boolean));
  const size = constrain(c, beside + (middle?.width ?? 0), Math.max(0, ...all.map((box) => box.height)));
  let x = 0;
  const children = all.map((box) => {
    const placed = { x: context.direction === 'rtl' ? size.width - x - box.width : x, y: (size.height - box.height) / 2, box };
    x += box.width;
    return placed;
  });
  return holding(node, path, size, children);
}

const MARGIN = 16;

/** Where a floating button stands. @param {string} location @param {Box} fab @param {{width: number, top: number, bottom: number}} room @param {boolean} rightToLeft */
function fabPlace(location, fab, room, rightToLeft) {
  const mini = location.startsWith('mini') ? 4 : 0;
  const name = location.replace(/^mini/, '').toLowerCase();
  const side = name.startsWith('center') ? 'center' : name.startsWith('start') === !rightToLeft ? 'left' : 'right';
  const inset = MARGIN - mini;
  const x = side === 'center' ? (room.width - fab.width) / 2 : side === 'left' ? inset : room.width - inset - fab.width;
  if (name.endsWith('top')) return { x, y: room.top - fab.height / 2 };
  if (name.endsWith('docked')) return { x, y: room.bottom - fab.height / 2 };
  return { x, y: room.bottom - fab.height - MARGIN + mini };
}

/** Bars at their places, the body in what is left, the rest on top (Scaffold). @type {Rule} */
const SCAFFOLD = {
  layout(node, c, path, context) {
    const parts = partsOf(node, path);
    const size = constrain(c, Number.isFinite(c.maxWidth) ? c.maxWidth : c.minWidth, Number.isFinite(c.maxHeight) ? c.maxHeight : c.minHeight);
    const full = constraints(size.width, size.width, 0, size.height);
    /** @type {PlacedBox[]} */
    const children = [];
    const put = (/** @type {Box | null} */ box, /** @type {number} */ x, /** @type {number} */ y) => { if (box) children.push({ x, y, box }); };
    const appBar = parts.layout('appBar', { ...full, maxHeight: Math.min(size.height, node.barHeight ?? size.height) }, context);
    const top = appBar?.height ?? 0;
    const bottomBar = parts.layout('bottomNavigationBar', full, context);
    let bottom = size.height - (bottomBar?.height ?? 0);
    const footer = parts.layout('footer', full, context);
    bottom -= footer?.height ?? 0;
    const bodyTop = node.extendBodyBehindAppBar ? 0 : top;
    const bodyBottom = node.extendBody ? size.height : bottom;
    const body = parts.layout('body', constraints(0, size.width, 0, Math.max(0, bodyBottom - bodyTop)), context);
    const sheet = parts.layout('bottomSheet', constraints(0, size.width, 0, Math.max(0, bottom - top)), context);
    const snack = parts.layout('snackBar', full, context);
    const snackTop = bottom - (snack?.height ?? 0);
    put(appBar, 0, 0);
    put(body, 0, bodyTop);
    put(sheet, sheet ? (size.width - sheet.width) / 2 : 0, bottom - (sheet?.height ?? 0));
    put(footer, 0, bottom);
    put(bottomBar, 0, size.height - (bottomBar?.height ?? 0));
    const fab = parts.layout('floatingActionButton', loosen(full), context);
    if (fab) {
      const free = sheet ? bottom - sheet.height : snack ? snackTop : bottom;
      const { x, y } = fabPlace(node.fabLocation ?? 'endFloat', fab, { width: size.width, top, bottom: free }, context.direction === 'rtl');
      put(fab, x, y);
    }
    put(snack, 0, snackTop);
    put(parts.layout('scrim', tight(size.width, size.height), context), 0, 0);
    const drawer = parts.layout('drawer', constraints(0, size.width, size.height, size.height), context);
    if (drawer) put(drawer, (node.drawerAtEnd === true) === (context.direction === 'rtl') ? 0 : size.width - drawer.width, 0);
    return { ...holding(node, path, size, children), clips: true };
  },
  intrinsic: (node, kind, extent, path, context) => partsOf(node, path).intrinsic('body', kind, extent, context),
};

/** A picture: its own size (`natural`) inside what is allowed, in its proportions (RenderImage). @type {Rule} */
const PICTURE = {
  layout(node, c, path) {
    const own = enforce(tightFor(notNegativeLength(node.width), notNegativeLength(node.height)), c);
    const natural = node.natural;
    const size = natural?.width && natural?.height ? constrainKeepingRatio(own, natural) : constrain(own, 0, 0);
    const finite = (/** @type {number} */ value, /** @type {number} */ least) => (Number.isFinite(value) ? value : Number.isFinite(least) ? least : 0);
    return leaf(node, path, isTight(own) ? { width: own.minWidth, height: own.minHeight } : { width: finite(size.width, own.minWidth), height: finite(size.height, own.minHeight) });
  },
  intrinsic(node, kind, extent) {
    const wide = isWide(kind);
    const own = tightFor(notNegativeLength(node.width), notNegativeLength(node.height));
    if ((kind === 'minWidth' && node.width == null) || (kind === 'minHeight' && node.height == null) || !node.natural) return wide ? own.minWidth : own.minHeight;
    const limits = enforce(own, wide ? constraints(0, Infinity, 0, extent) : constraints(0, extent));
    const size = constrainKeepingRatio(limits, node.natural);
    return wide ? size.width : size.height;
  },
};

/** @param {any} value */
const notNegativeLength = (value) => {
  const found = length(value);
  return found === null ? null : Math.max(0, found);
};

/** Buttons in a row at the end, or one under the other where they do not fit (OverflowBar). @type {Rule} */
const OVERFLOW_BAR = {
  layout(node, c, path, context) {
    const spacing = node.spacing ?? 0;
    const boxes = nodes(node.children).map((child, at) => context.layout(child, constraints(0, c.maxWidth), `${path}.children[${at}]`));
    const wanted = boxes.reduce((sum, box) => sum + box.width, spacing * Math.max(0, boxes.length - 1));
    const rightToLeft = context.direction === 'rtl';
    if (wanted > c.maxWidth) {
      let y = 0;
      const children = boxes.map((box) => {
        const placed = { x: (node.overflowAlignment === 'center' ? 0.5 : (node.overflowAlignment === 'start') === rightToLeft ? 1 : 0) * (c.maxWidth - box.width), y, box };
        y += box.height + (node.overflowSpacing ?? 0);
        return placed;
      });
      return holding(node, path, constrain(c, c.maxWidth, y - (boxes.length ? (node.overflowSpacing ?? 0) : 0)), children);
    }
    const high = Math.max(0, ...boxes.map((box) => box.height));
    const size = constrain(c, Number.isFinite(c.maxWidth) && node.alignment ? c.maxWidth : wanted, high);
    const free = size.width - wanted;
    let x = { start: 0, center: free / 2, end: free, spaceBetween: 0 }[/** @type {'start'} */ (node.alignment ?? 'start')] ?? free;
    const between = node.alignment === 'spaceBetween' && boxes.length > 1 ? spacing + free / (boxes.length - 1) : spacing;
    const children = boxes.map((box) => {
      const placed = { x: rightToLeft ? size.width - x - box.width : x, y: (size.height - box.height) / 2, box };
      x += box.width + between;
      return placed;
    });
    return holding(node, path, size, children);
  },
  intrinsic(node, kind, extent, path, context) {
    const all = nodes(node.children).map((child, at) => context.intrinsic(child, kind, extent, `${path}.children[${at}]`));
    return isWide(kind) ? all.reduce((sum, each) => sum + each, (node.spacing ?? 0) * Math.max(0, all.length - 1)) : Math.max(0, ...all);
  },
};

/** As large as allowed in its proportions up to the given size, its child exactly that large: what stands in for controls. @type {Rule} */
const FIXED = {
  layout(node, c, path) {
    const width = notNegative(node.width);
    return leaf(node, path, constrain(c, width ?? (Number.isFinite(c.maxWidth) ? c.maxWidth : clamp(node.least ?? 0, c.minWidth, c.maxWidth)), node.height ?? 0));
  },
  intrinsic: (node, kind) => (isWide(kind) ? notNegative(node.width) ?? node.least ?? 0 : node.height ?? 0),
};

/** @type {Record<string, Rule>} */
export const MATERIAL_RULES = {
  proxyBox: PROXY, tapTarget: TAP_TARGET, listTileBox: LIST_TILE, toolbarBox: TOOLBAR, scaffoldBox: SCAFFOLD, pictureBox: PICTURE, overflowBar: OVERFLOW_BAR, fixedBox: FIXED,
};
