/** Layout nodes of what lies above screens: dialogs, bottom sheets, snack bars. */

import { boxConstraints, edges, notNegative, number } from '../layout/values.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { elevationShadow, shape } from '../theme/decoration.js';
import { ownIconButton } from '../widgets/buttons.js';
import { themed } from '../widgets/scope.js';

/** @typedef {import('../widgets/builder.js').Widget} Widget @typedef {import('../layout/types.js').LayoutNode} LayoutNode */

/** What is beside the content closes it, where that is allowed. @param {import('./view.js').View} view @param {import('./page.js').Page} page */
function scrim(view, page) {
  const { options, kind } = page;
  const may = (kind === 'dialog' ? options.barrierDismissible : options.isDismissible) !== false;
  return {
    css: { backgroundColor: cssColor(options.barrierColor) || 'rgb(0 0 0 / 54%)' }, className: 'mp-scrim', attributes: { tabindex: '-1' },
    on: { tap: () => { if (may) view.pop(undefined, page); }, keydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape' && may) view.pop(undefined, page); } },
  };
}

/** @param {import('./view.js').View} view @param {import('./page.js').Page} page @param {LayoutNode | null} content */
export const dialogNode = (view, page, content) => ({ type: 'container', look: scrim(view, page), child: page.options.useSafeArea === false ? content : { type: 'safeArea', child: content } });

/** @param {import('./view.js').View} view @param {import('./page.js').Page} page @param {LayoutNode | null} content @param {{width: number, height: number}} size */
export function sheetNode(view, page, content, size) {
  const { options } = page;
  const own = shape(options.shape);
  const most = options.isScrollControlled ? size.height : (size.height * 9) / 16;
  const limits = boxConstraints(options.constraints);
  const handle = { type: 'sizedBox', height: 48, child: { type: 'center', child: { type: 'container', width: 32, height: 4, look: { css: { borderRadius: '2px', backgroundColor: themeColor('onSurfaceVariant', 0.4) } } } } };
  return {
    type: 'container', look: scrim(view, page), alignment: 'bottomCenter',
    child: {
      type: 'container', constraints: { minWidth: Math.min(640, size.width), maxWidth: Math.min(640, limits?.maxWidth ?? 640), minHeight: Math.min(limits?.minHeight ?? 0, most), maxHeight: Math.min(most, limits?.maxHeight ?? most) },
      look: {
        className: 'mp-sheet', attributes: { role: 'dialog', 'aria-modal': 'true', 'aria-label': String(options.barrierLabel ?? 'sheet') },
        css: { backgroundColor: cssColor(options.backgroundColor) || themeColor('surfaceContainerLow'), borderRadius: own?.radius ?? '28px 28px 0 0', boxShadow: elevationShadow(number(options.elevation) ?? 1), overflow: 'clip' }, on: { click() {} },
      },
      child: options.showDragHandle ? { type: 'column', mainAxisSize: 'min', children: [handle, { type: 'flexible', child: content }] } : content ?? undefined,
    },
  };
}

/**
 * A snack bar at the bottom of the top screen.
 * @param {Widget} w @param {any} action  showSnackBar @param {() => void} close
 */
export function snackBarNode(w, action, close) {
  const floating = action.behavior === 'floating';
  const side = floating ? 16 : 24;
  const color = themeColor('onInverseSurface');
  const own = shape(action.shape);
  const content = w.builder.build(action.content, `${w.path}#snackBar`, { ...w.scope, text: themed(w.theme, 'bodyMedium', color), icon: { color, size: 24 } });
  const { label, onPressed, textColor } = action.action ?? {};
  const press = () => { close(); w.runner(onPressed)?.(); };
  const button = label ? [{
    type: 'padding', padding: { left: side / 2, right: side / 2 }, child: {
      type: 'tapTarget', child: {
        type: 'container', constraints: { minWidth: 64, minHeight: 40, maxWidth: 'infinity', maxHeight: 'infinity' }, padding: [side, 8, side, 8], look: { tag: 'button', className: 'mp-tap', css: { color: cssColor(textColor) || themeColor('inversePrimary'), borderRadius: '9999px' }, on: { tap: press } },
        child: { type: 'center', widthFactor: 1, heightFactor: 1, child: w.text(String(label), themed(w.theme, 'labelLarge', cssColor(textColor) || themeColor('inversePrimary'))) },
      },
    },
  }] : [];
  const closing = action.showCloseIcon ? [{ type: 'padding', padding: { left: side / 12, right: side / 12 }, child: ownIconButton(w, 'close', w.view.words.close, close, cssColor(action.closeIconColor) || color) }] : [];
  const bar = {
    type: 'container', padding: edges(action.padding ?? [side, 0, label || action.showCloseIcon ? 0 : side, 0]), ...(floating && notNegative(action.width) ? { width: action.width } : {}),
    look: {
      attributes: { role: 'status' }, className: 'mp-snack',
      css: { backgroundColor: cssColor(action.backgroundColor) || themeColor('inverseSurface'), color, borderRadius: own?.radius ?? (floating ? '4px' : '0'), boxShadow: elevationShadow(number(action.elevation) ?? 6), overflow: 'clip', zIndex: '2' }, on: { click() {} },
    },
    child: { type: 'row', children: [{ type: 'expanded', child: { type: 'padding', padding: [0, 14, 0, 14], child: content ?? { type: 'sizedBox' } } }, ...button, ...closing] },
  };
  return floating ? { type: 'padding', padding: edges(action.margin ?? [15, 5, 15, 10]), child: bar } : bar;
}
