/** Widgets that layout knows by itself and that only need to be painted: boxes, clips, effects, scroll views. */

import { nodes, number } from '../layout/values.js';
import { cssColor } from '../theme/colors.js';
import { decoration, px, radius } from '../theme/decoration.js';

/** @import { Build, Widget } from './builder.js' */
/** @typedef {import('../layout/types.js').Box} Box */

const BLEND = Object.freeze({
  multiply: 'multiply', screen: 'screen', overlay: 'overlay', darken: 'darken', lighten: 'lighten', colorDodge: 'color-dodge', colorBurn: 'color-burn',
  hardLight: 'hard-light', softLight: 'soft-light', difference: 'difference', exclusion: 'exclusion', hue: 'hue', saturation: 'saturation', color: 'color', luminosity: 'luminosity',
});

/** CSS of a decoration of Stac, by box. @param {Widget} w @param {any} value */
export const decorationCss = (w, value) => (/** @type {Box} */ box) =>
  decoration(value, box, { direction: w.view.direction, imageUrl: (src, type) => w.view.imageUrl(src, type), naturalSize: (url) => w.view.pictures.get(url).natural });

/** @type {Build<'container'>} */
function container(w) {
  const { node } = w;
  const color = w.color('color');
  const css = (/** @type {Box} */ box) => ({
    ...(node.decoration ? decorationCss(w, node.decoration)(box) : color ? { backgroundColor: color } : {}),
    ...(node.clipBehavior && node.clipBehavior !== 'none' ? { overflow: 'clip' } : {}),
  });
  return w.native({ look: { css, ...(node.foregroundDecoration ? { over: decorationCss(w, node.foregroundDecoration) } : {}) } });
}

/** @param {any} value */
const isShown = (value) => value !== 'none';

/** CSS of an image filter. @param {any} filter @returns {string} */
function filterCss(filter) {
  if (filter?.type === 'compose') return [filter.inner, filter.outer].map(filterCss).filter(Boolean).join(' ');
  return filter?.type === 'blur' ? `blur(${Math.max(0, number(filter.sigmaX) ?? 0)}px)` : '';
}

/** A scroll view: a list for screen readers where its children are one. @param {string} role @returns {Build} */
const scrolling = (role) => (w) => {
  const made = w.native();
  const count = (made.children ?? made.slivers ?? []).length;
  return { ...made, look: { attributes: role && count ? { role } : {} } };
};

/** @param {Widget} w @returns {import('../layout/types.js').LayoutNode} */
function table(w) {
  const rows = nodes(w.node.children);
  const children = rows.map((row, at) => ({ children: nodes(row?.children).map((cell, index) => w.builder.build(cell, `${w.path}.children[${at}].children[${index}]`, w.scope) ?? { type: 'sizedBox' }) }));
  const paint = (/** @type {HTMLElement} */ element, /** @type {Box} */ box) => { paintRows(w, element, box, rows); };
  return { ...w.node, children, border: undefined, look: { attributes: { role: 'group' }, paint, ...(w.node.border ? { over: (/** @type {Box} */ box) => gridLines(w.node.border, box) } : {}) } };
}

/** Decorations of rows lie below the cells. @param {Widget} w @param {HTMLElement} element @param {Box} box @param {any[]} rows */
function paintRows(w, element, box, rows) {
  const tops = box.grid?.y ?? [];
  rows.forEach((row, at) => {
    if (!row?.decoration || tops[at + 1] === undefined) return;
    const size = { ...box, height: tops[at + 1] - tops[at] };
    const ground = element.ownerDocument.createElement('div');
    Object.assign(ground.style, { position: 'absolute', left: '0', width: px(size.width), top: px(tops[at]), height: px(size.height) }, decorationCss(w, row.decoration)(size));
    element.append(ground);
  });
}

/** Lines around and between all cells. @param {any} border @param {Box} box */
function gridLines(border, box) {
  const width = number(border.width) ?? 1;
  if (width <= 0 || border.style === 'none') return { display: 'none' };
  const color = cssColor(border.color) || '#000000';
  const lines = (/** @type {number[]} */ at, /** @type {string} */ axis) => at.slice(1, -1).map((each) =>
    `linear-gradient(${color}, ${color}) ${axis === 'x' ? px(each - width / 2) : '0'} ${axis === 'y' ? px(each - width / 2) : '0'} / ${axis === 'x' ? px(width) : '100%'} ${axis === 'y' ? px(width) : '100%'} no-repeat`);
  const { x = [], y = [] } = box.grid ?? {};
  return { boxShadow: `inset 0 0 0 ${px(width)} ${color}`, borderRadius: radius(border.borderRadius) || '0', background: [...lines(x, 'x'), ...lines(y, 'y')].join(', ') || 'none' };
}

/** @type {Record<string, Build>} */
export const BASIC = {
  container,
  coloredBox: (w) => w.native({ look: { css: { backgroundColor: w.color('color') } } }),
  opacity: (w) => w.native({ look: { css: { opacity: String(number(w.node.opacity) ?? 1) } } }),
  clipRRect: (w) => w.native({ look: { css: { borderRadius: radius(w.node.borderRadius), ...(isShown(w.node.clipBehavior) ? { overflow: 'clip' } : {}) } } }),
  clipOval: (w) => w.native({ look: { css: { borderRadius: '50%', ...(isShown(w.node.clipBehavior) ? { overflow: 'clip' } : {}) } } }),
  backdropFilter(w) {
    const filter = w.node.enabled === false ? '' : filterCss(w.node.filter);
    const blend = BLEND[/** @type {'multiply'} */ (w.node.blendMode)];
    // In Flutter the filter is on everything behind that an enclosing clip shows; here on what is behind the box itself.
    return w.native({ look: { css: { ...(filter ? { backdropFilter: filter } : {}), ...(blend ? { mixBlendMode: blend } : {}) } } });
  },
  listView: scrolling('list'),
  gridView: scrolling('list'),
  hero: (w) => w.native(),
  offstage: (w) => w.native(),
  table,
};
