/** Buttons, and what else is tapped: inkWell, gestureDetector. Sizes and colors are Material 3's as Flutter has them. */

import { edges, length, notNegative, number } from '../layout/values.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { borderShadows, elevationShadow, radius, shape } from '../theme/decoration.js';
import { iconNode } from './media.js';
import { resolveText, themed } from './scope.js';
import { wordsOf } from './text.js';

/** @import { Build, Widget } from './builder.js' */

/**
 * @typedef {object} ButtonKind  what a button has when nobody says otherwise
 * @property {string} foreground  CSS
 * @property {string} [background]
 * @property {number} [elevation]
 * @property {boolean} [outlined]
 * @property {number[][]} padding  sides and ends for letters of once, twice and three times the size
 */

const DISABLED = themeColor('onSurface', 0.38);
const DISABLED_GROUND = themeColor('onSurface', 0.12);

const WIDE = [[24, 0], [12, 0], [6, 0]];

/** @type {Record<string, ButtonKind>} */
const KINDS = {
  filledButton: { foreground: themeColor('onPrimary'), background: themeColor('primary'), padding: WIDE },
  elevatedButton: { foreground: themeColor('primary'), background: themeColor('surfaceContainerLow'), elevation: 1, padding: WIDE },
  outlinedButton: { foreground: themeColor('primary'), outlined: true, padding: WIDE },
  textButton: { foreground: themeColor('primary'), padding: [[12, 8], [8, 0], [4, 0]] },
};

/** Padding gets narrower as letters grow (ButtonStyleButton.scaledPadding): as given for once, twice and three times the size. @param {number[][]} steps @param {number} scale */
function scaledPadding(steps, scale) {
  const at = Math.min(2, Math.max(0, scale - 1));
  const [[x, y], [toX, toY]] = at <= 1 ? steps : steps.slice(1);
  const part = at <= 1 ? at : at - 1;
  const [sides, ends] = [x + (toX - x) * part, y + (toY - y) * part];
  return { left: sides, right: sides, top: ends, bottom: ends };
}

/** Handlers of a pressable widget. @param {Widget} w @param {string} [tap] @returns {import('../paint/look.js').Handlers | undefined} */
export function pressed(w, tap = 'onPressed') {
  const handlers = { tap: w.action(tap), longPress: w.action('onLongPress'), pointerenter: w.action('onHover'), focusin: w.action('onFocusChange') };
  const given = Object.entries(handlers).filter(([, run]) => run);
  return given.length ? /** @type {any} */ (Object.fromEntries(given)) : undefined;
}

/** @param {Widget} w */
const isEnabled = (w) => Boolean(w.node.onPressed || w.node.onLongPress);

/** Minimum and maximum of a button, with a fixed size between them. @param {any} style @param {{width: number, height: number}} least */
function limits(style, least) {
  const side = (/** @type {any} */ size, /** @type {'width' | 'height'} */ name) => length(size?.[name]);
  const [minWidth, minHeight] = [side(style.minimumSize, 'width') ?? least.width, side(style.minimumSize, 'height') ?? least.height];
  const [maxWidth, maxHeight] = [side(style.maximumSize, 'width') ?? Infinity, side(style.maximumSize, 'height') ?? Infinity];
  const [width, height] = [side(style.fixedSize, 'width'), side(style.fixedSize, 'height')];
  const within = (/** @type {number | null} */ value, /** @type {number} */ low, /** @type {number} */ high) => (value === null || !Number.isFinite(value) ? [low, high] : [Math.max(low, Math.min(value, high)), Math.max(low, Math.min(value, high))]);
  const [lowWidth, highWidth] = within(width, minWidth, maxWidth);
  const [lowHeight, highHeight] = within(height, minHeight, maxHeight);
  return { minWidth: Number.isFinite(lowWidth) ? lowWidth : 'infinity', maxWidth: highWidth === Infinity ? 'infinity' : highWidth, minHeight: lowHeight, maxHeight: highHeight === Infinity ? 'infinity' : highHeight };
}

/** @param {any} style @param {string} corners @param {string} outline  color of the line around, or empty */
export function shapeCss(style, corners, outline = '') {
  const own = shape(style.shape);
  const side = style.side ?? own?.side;
  const lines = side ? borderShadows({ strokeAlign: -1, ...side, width: number(side.width) ?? 1 }) : outline ? [`inset 0 0 0 1px ${outline}`] : [];
  return { borderRadius: own?.radius ?? corners, lines };
}

/** The pressable part of a button. @param {Widget} w @param {any} child @param {any} more */
function pressable(w, child, { style, foreground, background, elevation = 0, corners, outline = '', padding, least, label = '', toggled }) {
  const enabled = isEnabled(w);
  const { borderRadius, lines } = shapeCss(style, corners, outline);
  const shadow = elevationShadow(number(style.elevation) ?? elevation, cssColor(style.shadowColor));
  return {
    type: 'container', constraints: limits(style, least), padding, alignment: undefined, jsonPath: w.path,
    look: {
      tag: 'button', className: 'mp-tap',
      css: { color: foreground, backgroundColor: background ?? 'transparent', borderRadius, boxShadow: [...lines, ...(enabled && shadow ? [shadow] : [])].join(', ') || 'none' },
      attributes: {
        disabled: !enabled, autofocus: w.node.autofocus === true, ...(label ? { 'aria-label': label } : {}), ...(toggled === undefined ? {} : { 'aria-pressed': String(toggled) }),
        title: typeof w.node.tooltip === 'string' ? w.node.tooltip : null,
      },
      on: pressed(w),
    },
    child: { type: 'align', alignment: style.alignment ?? 'center', widthFactor: 1, heightFactor: 1, child: child ?? { type: 'sizedBox' } },
  };
}

/** @param {any} box @param {any} style @param {object} [least] */
const tapTarget = (box, style, least = {}) => (style.tapTargetSize === 'shrinkWrap' ? box : { type: 'tapTarget', child: box, ...least });

/** @type {Build<'filledButton' | 'elevatedButton' | 'outlinedButton' | 'textButton'>} */
function button(w) {
  const kind = KINDS[w.node.type];
  const style = w.node.style ?? {};
  const enabled = isEnabled(w);
  const foreground = enabled ? cssColor(style.foregroundColor) || kind.foreground : cssColor(style.disabledForegroundColor) || DISABLED;
  const disabledGround = cssColor(style.disabledBackgroundColor) || (kind.background ? DISABLED_GROUND : 'transparent');
  const text = resolveText(style.textStyle, themed(w.theme, 'labelLarge', foreground), w.theme);
  const child = w.slot('child', {
    text: { ...text, paint: { ...text.paint, color: foreground } },
    icon: { color: (enabled ? cssColor(style.iconColor) : cssColor(style.disabledIconColor)) || foreground, size: notNegative(style.iconSize) ?? 18 },
  });
  const scale = (w.view.textScale * themed(w.theme, 'labelLarge', '').fontSize) / 14; // the theme's letters, not the button's own
  return tapTarget(pressable(w, child, {
    style, foreground, background: enabled ? cssColor(style.backgroundColor) || kind.background : disabledGround, elevation: kind.elevation, corners: '9999px',
    outline: kind.outlined ? (enabled ? themeColor('outline') : DISABLED_GROUND) : '',
    padding: style.padding != null ? edges(style.padding) : scaledPadding(kind.padding, scale), least: { width: 64, height: 40 },
    label: wordsOf(w.node.child) ? '' : 'button',
  }), style);
}

/** A name for a button that only has an icon. @param {Widget} w @param {any} icon */
export const iconName = (w, icon) => String(w.node.tooltip || wordsOf(icon) || (icon?.type === 'icon' ? String(icon.icon ?? '').replace(/_(outlined|rounded|sharp)$/, '').replaceAll('_', ' ') : '') || 'button');

/** @type {Build<'iconButton'>} */
function iconButton(w) {
  const { node } = w;
  const style = node.style ?? {};
  const enabled = isEnabled(w);
  const selected = node.isSelected === true;
  const foreground = enabled
    ? cssColor(node.color) || cssColor(style.foregroundColor) || cssColor(style.iconColor) || (selected ? themeColor('primary') : w.scope.inBar || themeColor('onSurfaceVariant'))
    : cssColor(node.disabledColor) || cssColor(style.disabledForegroundColor) || DISABLED;
  const size = notNegative(node.iconSize) ?? notNegative(style.iconSize) ?? 24;
  const inherited = { icon: { color: foreground, size } };
  const icon = selected && node.selectedIcon ? w.slot('selectedIcon', inherited) : w.slot('icon', inherited);
  const made = pressable(w, icon, {
    style: node.constraints ? { ...style, minimumSize: { width: node.constraints.minWidth ?? 40, height: node.constraints.minHeight ?? 40 }, maximumSize: { width: node.constraints.maxWidth, height: node.constraints.maxHeight } } : style,
    foreground, background: cssColor(style.backgroundColor), corners: '9999px', padding: edges(node.padding ?? style.padding ?? 8), least: { width: 40, height: 40 },
    label: iconName(w, node.icon), toggled: node.isSelected === undefined ? undefined : selected,
  });
  return tapTarget(made, style);
}

const FABS = Object.freeze({ small: { size: 40, radius: 12 }, medium: { size: 56, radius: 16 }, large: { size: 96, radius: 28 } });

/** @type {Build<'floatingActionButton'>} */
function floatingActionButton(w) {
  const { node } = w;
  const foreground = w.color('foregroundColor', themeColor('onPrimaryContainer'));
  const enabled = Boolean(node.onPressed);
  const inherited = { icon: { color: foreground, size: node.buttonType === 'large' ? 36 : 24 }, text: { ...resolveText(node.extendedTextStyle ?? node.textStyle, themed(w.theme, 'labelLarge', foreground), w.theme), paint: { color: foreground } } };
  const label = String(node.tooltip || wordsOf(node.child) || wordsOf(node.icon) || iconName(w, node.icon ?? node.child));
  const look = (/** @type {number} */ corners) => ({
    tag: 'button', className: 'mp-tap', on: pressed(w),
    css: {
      color: foreground, backgroundColor: w.color('backgroundColor', themeColor('primaryContainer')), borderRadius: `${corners}px`,
      boxShadow: elevationShadow(enabled ? number(node.elevation) ?? 6 : number(node.disabledElevation) ?? number(node.elevation) ?? 6) || 'none',
    },
    attributes: { disabled: !enabled, 'aria-label': label, title: typeof node.tooltip === 'string' ? node.tooltip : null },
  });
  if (node.buttonType === 'extended') {
    const parts = [w.slot('icon', inherited), w.slot('child', inherited)].filter((each) => each !== null);
    return {
      type: 'container', constraints: { minWidth: 80, minHeight: 56, maxWidth: 'infinity', maxHeight: 56 }, padding: { left: parts.length > 1 ? 16 : 20, right: 20 }, look: look(16),
      child: { type: 'align', alignment: 'center', widthFactor: 1, child: { type: 'row', mainAxisSize: 'min', spacing: number(node.extendedIconLabelSpacing) ?? 8, children: parts } },
    };
  }
  const { size, radius: corners } = FABS[/** @type {'small'} */ (node.buttonType ?? 'small')] ?? FABS.medium;
  const box = { type: 'container', width: size, height: size, alignment: 'center', child: w.slot('child', inherited) ?? w.slot('icon', inherited) ?? undefined, look: look(corners), jsonPath: w.path };
  return size < 48 ? { type: 'tapTarget', child: box } : box;
}

const GESTURES = Object.freeze({
  onTap: 'tap', onTapDown: 'tapDown', onTapUp: 'tapUp', onDoubleTap: 'doubleTap', onLongPress: 'longPress', onLongPressStart: 'longPress', onLongPressUp: 'longPressUp', onLongPressEnd: 'longPressEnd',
  onSecondaryTap: 'secondaryTap', onHorizontalDragStart: 'horizontalDragStart', onHorizontalDragEnd: 'horizontalDragEnd', onVerticalDragStart: 'verticalDragStart',
  onVerticalDragEnd: 'verticalDragEnd', onPanStart: 'panStart', onPanEnd: 'panEnd', onHover: 'pointerenter',
});

/** @param {Widget} w */
function gestures(w) {
  const found = Object.entries(GESTURES).flatMap(([slot, name]) => { const run = w.action(slot); return run ? [[name, run]] : []; });
  return found.length ? Object.fromEntries(found) : null;
}

/** A box that is tapped, with whatever it holds. @param {boolean} ink @returns {Build} */
const tappable = (ink) => (w) => {
  const on = gestures(w);
  const made = w.native();
  if (!on) return made;
  const keyboard = (on.tap || on.doubleTap || on.longPress) && !w.node.excludeFromSemantics;
  const corners = radius(w.node.borderRadius);
  return { ...made, look: { className: ink ? 'mp-tap' : '', css: { cursor: 'pointer', ...(corners ? { borderRadius: corners } : {}) }, on, ...(keyboard ? { cover: wordsOf(w.node.child) || 'button' } : {}) } };
};

/** A close or back button of the runtime's own. @param {Widget} w @param {string} icon @param {string} label @param {() => void} run @param {string} [color] */
export const ownIconButton = (w, icon, label, run, color = themeColor('onSurfaceVariant')) => ({
  type: 'tapTarget', child: {
    type: 'container', width: 40, height: 40, alignment: 'center',
    look: { tag: 'button', className: 'mp-tap', css: { color, borderRadius: '9999px' }, attributes: { 'aria-label': label }, on: { tap: run } },
    child: iconNode(w, icon, { color, size: 24 }),
  },
});

/** @type {Record<string, Build>} */
export const BUTTONS = {
  filledButton: button, elevatedButton: button, outlinedButton: button, textButton: button, iconButton, floatingActionButton,
  inkWell: tappable(true), gestureDetector: tappable(false),
};
