/** Progress and dialogs. */

import { edges, notNegative, number } from '../layout/values.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { elevationShadow, radius, shape } from '../theme/decoration.js';
import { resolveText, themed } from './scope.js';
import { wordsOf } from './text.js';

/** @import { Build, Widget } from './builder.js' */

const SVG = 'http://www.w3.org/2000/svg';

/** @param {Widget} w */
function progress(w) {
  const value = number(w.node.value);
  return { value: value === null ? null : Math.min(1, Math.max(0, value)), attributes: { role: 'progressbar', 'aria-label': String(w.node.semanticsLabel ?? w.view.words.loading), 'aria-valuemin': '0', 'aria-valuemax': '1', 'aria-valuenow': value } };
}

/** @type {Build<'circularProgressIndicator'>} */
function circularProgressIndicator(w) {
  const { value, attributes } = progress(w);
  const width = notNegative(w.node.strokeWidth) ?? 4;
  const color = w.color('color', themeColor('primary'));
  const ground = w.color('backgroundColor');
  const round = w.node.strokeCap === 'round';
  return {
    type: 'constrainedBox', constraints: { minWidth: 36, minHeight: 36, maxWidth: 'infinity', maxHeight: 'infinity' },
    look: { className: value === null ? 'mp-spin' : '', attributes, paint: (/** @type {HTMLElement} */ element, /** @type {import('../layout/types.js').Box} */ box) => ring(element, box, { value, width, color, ground, round, align: Math.min(1, Math.max(-1, number(w.node.strokeAlign) ?? 0)) }) },
  };
}

/** @param {HTMLElement} element @param {{width: number, height: number}} box @param {{value: number | null, width: number, color: string, ground: string, round: boolean, align: number}} look */
function ring(element, box, { value, width, color, ground, round, align }) {
  const size = Math.min(box.width, box.height);
  const radiusOf = Math.max(0, (size + align * width) / 2);
  const svg = element.ownerDocument.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  const circle = (/** @type {string} */ stroke, /** @type {number} */ part) => {
    const each = element.ownerDocument.createElementNS(SVG, 'circle');
    const length = 2 * Math.PI * radiusOf;
    const attributes = { cx: size / 2, cy: size / 2, r: radiusOf, fill: 'none', 'stroke-width': width, 'stroke-linecap': round ? 'round' : 'butt', 'stroke-dasharray': `${length * part} ${length}`, transform: `rotate(-90 ${size / 2} ${size / 2})` };
    for (const [name, own] of Object.entries(attributes)) each.setAttribute(name, String(own));
    each.style.stroke = stroke;
    svg.append(each);
  };
  if (ground) circle(ground, 1);
  circle(color, value ?? 0.72);
  element.append(svg);
}

/** @type {Build<'linearProgressIndicator'>} */
function linearProgressIndicator(w) {
  const { value, attributes } = progress(w);
  const color = w.color('color', themeColor('primary'));
  const corners = radius(w.node.borderRadius) || '0';
  return {
    type: 'fixedBox', height: notNegative(w.node.minHeight) ?? 4, least: 0,
    look: {
      className: value === null ? 'mp-bar mp-endless' : 'mp-bar', attributes, css: { backgroundColor: w.color('backgroundColor', themeColor('secondaryContainer')), borderRadius: corners, overflow: 'clip' },
      paint: (/** @type {HTMLElement} */ element, /** @type {import('../layout/types.js').Box} */ box) => {
        const bar = element.ownerDocument.createElement('div');
        Object.assign(bar.style, { backgroundColor: color, borderRadius: corners, width: `${(value ?? 0.4) * box.width}px`, height: '100%' });
        element.append(bar);
      },
    },
  };
}

/** @type {Build<'alertDialog'>} */
function alertDialog(w) {
  const { node } = w;
  const own = shape(node.shape);
  const variant = themeColor('onSurfaceVariant');
  const icon = w.slot('icon', { icon: { color: w.color('iconColor', themeColor('secondary')), size: 24 } });
  const title = w.slot('title', { text: resolveText(node.titleTextStyle, themed(w.theme, 'headlineSmall', themeColor('onSurface')), w.theme), icon: { color: variant, size: 24 } });
  const content = w.slot('content', { text: resolveText(node.contentTextStyle, themed(w.theme, 'bodyMedium', variant), w.theme) });
  const actions = w.slots('actions');
  const centered = Boolean(icon);
  const pad = (/** @type {any} */ given, /** @type {number[]} */ standard) => edges(given ?? standard);
  const children = [];
  if (icon) children.push({ type: 'padding', padding: pad(node.iconPadding, [24, 24, 24, title ? 16 : content ? 0 : 24]), child: { type: 'center', heightFactor: 1, child: icon } });
  if (title) children.push({ type: 'padding', padding: pad(node.titlePadding, [24, icon ? 0 : 24, 24, content ? 0 : 20]), child: centered ? { type: 'center', heightFactor: 1, child: title } : title });
  if (content) children.push({ type: 'flexible', child: { type: 'padding', padding: pad(node.contentPadding, [24, title || icon ? 16 : 24, 24, 24]), child: node.scrollable ? { type: 'singleChildScrollView', child: content } : content } });
  if (actions.length) {
    children.push({
      type: 'padding', padding: pad(node.actionsPadding, [24, 0, 24, 24]),
      child: { type: 'overflowBar', alignment: node.actionsAlignment ?? 'end', spacing: 8, overflowAlignment: node.actionsOverflowAlignment ?? 'end', overflowSpacing: number(node.actionsOverflowButtonSpacing) ?? 0, children: actions },
    });
  }
  const box = {
    type: 'container', constraints: { minWidth: 280, minHeight: 0, maxWidth: 'infinity', maxHeight: 'infinity' }, jsonPath: w.path,
    look: {
      className: 'mp-dialog', css: { backgroundColor: w.color('backgroundColor', themeColor('surfaceContainerHigh')), borderRadius: own?.radius ?? '28px', boxShadow: node.shadowColor ? elevationShadow(number(node.elevation) ?? 6, cssColor(node.shadowColor)) : 'none', overflow: 'clip' },
      on: { click() {} },
      attributes: { role: 'alertdialog', 'aria-modal': 'true', 'aria-label': String(node.semanticLabel ?? (wordsOf(node.title) || wordsOf(node.content) || 'dialog')) },
    },
    child: { type: 'intrinsicWidth', child: { type: 'column', mainAxisSize: 'min', crossAxisAlignment: 'stretch', children } },
  };
  return { type: 'padding', padding: node.insetPadding ?? [40, 24, 40, 24], child: { type: 'align', alignment: node.alignment ?? 'center', child: box } };
}

/** @type {Record<string, Build>} */
export const FEEDBACK = { circularProgressIndicator, linearProgressIndicator, alertDialog };