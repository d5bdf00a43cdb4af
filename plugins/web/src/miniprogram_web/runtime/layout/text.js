/** Texts: text, selectableText. Flutter's RenderParagraph; how wide letters are is the measurer's business. */

import { constrain } from './constraints.js';
import { BODY, textStyle } from './text_style.js';
import { nodes, notNegative, number } from './values.js';

/** @typedef {import('./types.js').Rule} Rule @typedef {import('./engine.js').Context} Context @typedef {import('./types.js').TextRequest} TextRequest */

/** @typedef {import('./types.js').TextStyle} TextStyle */

/** The texts of a span and of the spans inside it, each with its style. @param {any} span @param {TextStyle} style @param {number} scale @returns {{text: string, style: TextStyle}[]} */
function spansOf(span, style, scale) {
  const own = `${span?.data ?? span?.text ?? ''}`;
  const inner = nodes(span?.children).flatMap((child) => spansOf(child, textStyle(child?.style, style, 1), scale));
  return own ? [{ text: own, style: { ...style, fontSize: style.fontSize * scale } }, ...inner] : inner;
}

/** @param {any} node @param {Context} context @returns {TextRequest} */
export function textRequest(node, context) {
  const scale = notNegative(node.textScaleFactor) ?? context.textScale;
  const style = textStyle(node.copyWithStyle, textStyle(node.style, BODY, 1), 1);
  const spans = spansOf(node, style, scale);
  const text = spans.map((span) => span.text).join('');
  if (spans.length < 2) return { text, style: spans[0]?.style ?? { ...style, fontSize: style.fontSize * scale } };
  let end = 0;
  return { text, style: spans[0].style, runs: spans.map((span) => ({ end: (end += span.text.length), style: span.style })) };
}

/** Lines break at the width unless neither wrapping nor an ellipsis asks for it. @param {any} node */
const breaks = (node) => (node.softWrap ?? true) || node.overflow === 'ellipsis';

/** @param {any} node */
function limits(node) {
  const most = number(node.maxLines);
  return { maxLines: most === null ? null : Math.max(1, Math.floor(most)), ellipsis: node.overflow === 'ellipsis' };
}

/** @type {Rule} */
const TEXT = {
  layout(node, c, path, context) {
    const request = textRequest(node, context);
    const text = context.measurer.wrap(request, breaks(node) ? c.maxWidth : Infinity, limits(node));
    // A text that wraps is as wide as allowed, not as its longest line, unless textWidthBasis says so.
    const width = node.textWidthBasis === 'longestLine' ? text.width : context.measurer.naturalWidth(request);
    return { node, path, ...constrain(c, Math.min(width, breaks(node) ? c.maxWidth : Infinity), text.height), children: [], baseline: text.baseline, text: { ...text, request } };
  },
  intrinsic(node, kind, extent, _path, context) {
    const request = textRequest(node, context);
    switch (kind) {
      case 'minWidth': return context.measurer.longestWord(request);
      case 'maxWidth': return context.measurer.naturalWidth(request);
      default: return context.measurer.wrap(request, breaks(node) ? extent : Infinity, limits(node)).height;
    }
  },
};

/** @type {Record<string, Rule>} */
export const TEXT_RULES = { text: TEXT, selectableText: TEXT };

/** Every text of the upper `levels` of a tree, for measuring in one batch. @param {any} node @param {Context} context @param {number} levels @returns {TextRequest[]} */
export function textsOf(node, context, levels) {
  if (levels < 0) return [];
  const found = Object.hasOwn(TEXT_RULES, node?.type) ? [textRequest(node, context)] : [];
  for (const slot of ['child', 'children', 'slivers', 'sliver', 'separator', 'replacement']) {
    for (const each of [node?.[slot] ?? []].flat()) {
      if (each && typeof each === 'object') found.push(...textsOf(each, context, levels - 1));
    }
  }
  for (const each of Object.values(node?.parts ?? {})) found.push(...textsOf(each, context, levels - 1));
  return found;
}
