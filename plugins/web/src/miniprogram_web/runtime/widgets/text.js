/** Texts: text and selectableText, with spans that can be tapped. */

import { nodes, number } from '../layout/values.js';
import { resolveText } from './scope.js';

/** @import { Build, Widget } from './builder.js' */

/** @param {Widget} w @param {any} span @param {import('../layout/types.js').TextStyle} base @returns {any} */
function resolveSpan(w, span, base) {
  const style = resolveText(span?.copyWithStyle, resolveText(span?.style, base, w.theme), w.theme);
  return { text: span?.text ?? span?.data ?? '', style, children: nodes(span?.children).map((each) => resolveSpan(w, each, style)) };
}

/** @type {Build<'selectableText'>} */
export function text(w) {
  const node = w.raw; // both kinds of texts have most, not all of it
  const style = resolveText(node.copyWithStyle, resolveText(node.style, w.scope.text, w.theme), w.theme);
  const spans = nodes(node.children);
  const run = w.action('onTap') ?? w.runner(spans.find((span) => span?.onTap)?.onTap);
  const selectable = node.type === 'selectableText';
  const align = node.textAlign ?? 'start';
  return {
    type: 'text', data: `${node.data ?? ''}`, style, children: spans.map((span) => resolveSpan(w, span, style)),
    textAlign: align, softWrap: node.softWrap, overflow: node.overflow, textWidthBasis: node.textWidthBasis,
    maxLines: node.maxLines, textScaleFactor: number(node.textScaleFactor) ?? number(node.textScaler) ?? undefined,
    look: {
      className: selectable ? 'mp-selectable' : '',
      attributes: {
        dir: node.textDirection, ...(run ? { role: 'link', tabindex: '0' } : {}),
        ...(typeof node.semanticsLabel === 'string' ? { 'aria-label': node.semanticsLabel, role: run ? 'link' : 'img' } : {}),
      },
      ...(run ? { on: { tap: run, keydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') run(); } } } : {}),
    },
  };
}

/** The words of a subtree, for the name of a control around it. @param {any} node @param {number} [levels] @returns {string} */
export function wordsOf(node, levels = 12) {
  if (!node || typeof node !== 'object' || levels < 0) return '';
  if (Array.isArray(node)) return node.slice(0, 20).map((each) => wordsOf(each, levels - 1)).filter(Boolean).join(' ');
  if (node.type === 'text' || node.type === 'selectableText') {
    return [node.semanticsLabel ?? node.data ?? '', ...nodes(node.children).map((span) => span?.text ?? span?.data ?? '')].join('').trim();
  }
  if (node.type === 'icon' || node.type === 'image') return String(node.semanticLabel ?? '');
  return ['tooltip', 'leading', 'title', 'label', 'icon', 'child', 'children', 'subtitle', 'body', 'content'].map((slot) =>
    (typeof node[slot] === 'string' ? (slot === 'tooltip' || slot === 'label' ? node[slot] : '') : wordsOf(node[slot], levels - 1))).filter(Boolean).join(' ').slice(0, 200);
}

/** @type {Record<string, Build>} */
export const TEXTS = { text, selectableText: text };
