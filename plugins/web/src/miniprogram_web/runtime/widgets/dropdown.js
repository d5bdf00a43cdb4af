/** A choice of one out of a list, in the box of a text field: the browser's own select, decorated as Flutter's DropdownMenu. */

import { nodes, notNegative } from '../layout/values.js';
import { fontOf } from '../paint/browser_text.js';
import { themeColor } from '../theme/colors.js';
import { nameOf, valueOf } from './choices.js';
import { containerLook, contentPadding, labelLook, lineOf } from './inputs.js';
import { iconNode } from './media.js';
import { resolveText, themed } from './scope.js';
import { wordsOf } from './text.js';

/** @import { Build } from './builder.js' */

/** Around the icon at the end: a button of 48 pixels with 4 beside it. */
const ICON_ROOM = 56;
/** Around the icon at the start, which is counted where none is. */
const START_ROOM = 16;
/** Of entries whose width is looked at: a list of a thousand is as wide as its first hundred. */
const MEASURED = 100;

/** @type {Build<'dropdownMenu'>} */
export function dropdownMenu(w) {
  const { node } = w;
  const entries = nodes(node.dropdownMenuEntries);
  const { value, choose } = valueOf(w, 'selected', node.initialSelection);
  const at = entries.findIndex((entry) => entry?.value === value);
  const focus = w.state('focus', false);
  const enabled = node.enabled !== false;
  const error = typeof node.errorText === 'string' ? node.errorText : null;
  const decoration = { border: { type: 'outlineInputBorder' }, ...node.inputDecorationTheme };
  const line = lineOf(decoration, { focused: focus.value, enabled, wrong: error !== null });
  const style = resolveText(node.textStyle, themed(w.theme, 'bodyLarge', themeColor('onSurface', enabled ? undefined : 0.38)), w.theme);
  const scaled = { ...style, fontSize: style.fontSize * w.view.textScale };
  const lineHeight = Math.round(scaled.fontSize * (scaled.height ?? 1.172));
  const title = wordsOf(node.label);
  const floats = title !== '' && (at >= 0 || focus.value);
  const quiet = themeColor(error === null ? 'onSurfaceVariant' : 'error', enabled ? undefined : 0.38);
  const labelStyle = resolveText(decoration.labelStyle, themed(w.theme, 'bodyLarge', focus.value && error === null ? themeColor('primary') : quiet), w.theme);
  const label = title ? { ...w.text(title, floats ? { ...labelStyle, height: 1 } : labelStyle, undefined, { softWrap: false, overflow: 'ellipsis' }), look: labelLook(decoration, line, floats) } : null;
  const own = themed(w.theme, 'labelLarge', '');
  const widthOf = (/** @type {string} */ text, /** @type {typeof style} */ letters) => w.view.measurer.naturalWidth({ text, style: letters });
  // As wide as the widest entry of the menu, whose letters are smaller, or as the label.
  const widest = Math.max(64, title ? widthOf(title, scaled) + 8 : 0, ...entries.slice(0, MEASURED).map((entry) => widthOf(String(entry?.label ?? ''), { ...own, fontSize: own.fontSize * w.view.textScale }) + 28));
  const icons = { icon: { color: quiet, size: 24 } };
  const below = error ?? (typeof node.helperText === 'string' ? node.helperText : null);
  const arrow = w.slot('trailingIcon', icons) ?? iconNode(w, 'arrow_drop_down', { size: 24, color: quiet });
  return {
    type: 'sizedBox', jsonPath: w.path, width: notNegative(node.width) ?? widest + START_ROOM + ICON_ROOM + (node.leadingIcon ? 24 : 0),
    child: {
      type: 'inputBox', border: line.kind, padding: contentPadding(decoration, line.kind), lineHeight, lines: 1, multiline: false, floats, dense: decoration.isDense === true, filled: decoration.filled === true,
      collapsed: false, floatingLabelHeight: (4 + 0.75 * labelStyle.fontSize) * w.view.textScale, inputGap: line.kind === 'outline' || decoration.filled ? 4 : 0, look: { className: 'mp-field' },
      parts: {
        container: containerLook(w, decoration, line, enabled), prefixIcon: w.slot('leadingIcon', icons), label,
        suffixIcon: { type: 'container', width: ICON_ROOM, height: 48, alignment: 'center', child: arrow, look: { css: { pointerEvents: 'none' } } },
        field: {
          type: 'sizedBox', look: {
            tag: 'select', className: 'mp-select', attributes: { 'data-key': 'field', 'aria-label': title || nameOf(w, String(node.hintText ?? '') || 'menu'), 'aria-invalid': error !== null ? 'true' : null, disabled: !enabled },
            css: { font: fontOf(scaled), letterSpacing: `${scaled.letterSpacing}px`, lineHeight: `${lineHeight}px`, ...scaled.paint, ...(at < 0 && node.hintText ? { color: quiet } : {}) },
            paint: (/** @type {HTMLElement} */ element) => fillSelect(/** @type {HTMLSelectElement} */ (element), entries, at, floats || !title ? String(node.hintText ?? '') : ''),
            properties: { selectedIndex: Math.max(0, at) },
            on: {
              change: (/** @type {Event} */ event) => choose(entries[/** @type {HTMLSelectElement} */ (event.target).selectedIndex - (at < 0 ? 1 : 0)]?.value),
              focusin: () => focus.set(true), focusout: () => focus.set(false), click() {},
            },
          },
        },
        helper: below === null ? null : w.text(below, themed(w.theme, 'bodySmall', quiet), undefined, { maxLines: 2, overflow: 'ellipsis' }),
      },
    },
  };
}

/** @param {HTMLSelectElement} select @param {any[]} entries @param {number} at  −1 when nothing is chosen: then the first says so @param {string} hint */
function fillSelect(select, entries, at, hint) {
  const add = (/** @type {string} */ text, /** @type {boolean} */ disabled) => {
    const option = select.ownerDocument.createElement('option');
    option.textContent = text;
    option.disabled = disabled;
    select.append(option);
  };
  if (at < 0) add(hint, true);
  for (const entry of entries) add(String(entry?.label ?? ''), entry?.enabled === false);
  select.selectedIndex = Math.max(0, at);
}
