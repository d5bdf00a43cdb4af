/** What widgets inherit from those around them: text style, icon color, form, controllers. A scope is never changed, only extended. */

import { RESOLVED, textStyle } from '../layout/text_style.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { number } from '../layout/values.js';

/** @typedef {import('../layout/types.js').TextStyle} TextStyle @typedef {import('../theme/theme.js').Theme} Theme */

/**
 * @typedef {object} Scope
 * @property {TextStyle} text
 * @property {{color: string, size: number}} icon
 * @property {import('./forms.js').Form | null} form
 * @property {Controller | null} tabs  of defaultTabController
 * @property {Controller | null} pages  of defaultBottomNavigationController
 * @property {{value: unknown, choose: (value: unknown) => void, name: string} | null} group  of radioGroup
 * @property {number} level
 * @property {boolean} [inScaffold]
 * @property {(() => void) | null} [openDrawer]
 * @property {(() => void) | null} [closeDrawer]
 * @property {string} [inBar]  color of icon buttons where they stand
 * @property {Record<string, any>} [providers]  data of dynamicDataProvider, by id
 *
 * @typedef {{index: number, length: number, path: string, show: (index: number) => void}} Controller
 */

/** @param {TextStyle} style @returns {TextStyle} */
const marked = (style) => Object.assign(style, { [RESOLVED]: true });

/**
 * A text style in any of Stac's spellings on top of the surrounding one, with what the letters look like.
 * @param {any} value @param {TextStyle} base @param {Theme} theme @returns {TextStyle}
 */
export function resolveText(value, base, theme) {
  if (value?.[RESOLVED]) return value;
  const name = typeof value === 'string' ? value : value?.textTheme ?? value?.styleFromTheme;
  const named = typeof name === 'string' && Object.hasOwn(theme.texts, name);
  const from = named ? { ...theme.texts[name], paint: { color: themeColor('onSurface') } } : base;
  const own = value && typeof value === 'object' ? { ...value, textTheme: undefined, styleFromTheme: undefined } : {};
  /** @type {Record<string, string>} */
  const paint = { ...(own.inherit === false ? {} : from.paint) };
  const set = (/** @type {string} */ property, /** @type {string} */ css) => { if (css) paint[property] = css; };
  set('color', cssColor(own.color));
  set('backgroundColor', cssColor(own.backgroundColor));
  set('textDecorationColor', cssColor(own.decorationColor));
  if (own.decorationStyle) set('textDecorationStyle', String(own.decorationStyle));
  if (number(own.decorationThickness) !== null) set('textDecorationThickness', `${number(own.decorationThickness)}px`);
  return marked({ ...textStyle(own, from, 1), paint });
}

/** A style of the type scale in a color of the theme. @param {Theme} theme @param {string} name @param {string} color  CSS @returns {TextStyle} */
export const themed = (theme, name, color) => marked({ ...theme.texts[name], paint: { color } });

/** @param {Theme} theme @returns {Scope} */
export const outermost = (theme) => ({
  text: themed(theme, 'bodyMedium', themeColor('onSurface')), icon: { color: themeColor('onSurface'), size: 24 },
  form: null, tabs: null, pages: null, group: null, level: 0,
});
