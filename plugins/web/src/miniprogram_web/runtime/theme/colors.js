/** Colors of Stac JSON as CSS: hex with alpha first, names of the theme and of Flutter, each with an optional @percent. */

import { LIGHT, NAMED } from './tokens.js';

/** The CSS variable of a color of the theme. @param {string} name */
export const themeVariable = (name) => `--mp-${name}`;

/** A color of the theme, as CSS. @param {string} name @param {number} [opacity] 0 … 1 */
export const themeColor = (name, opacity = 1) => withOpacity(`var(${themeVariable(name)})`, opacity);

/** @param {string} color  CSS @param {number} opacity  0 … 1 */
export const withOpacity = (color, opacity) => (opacity >= 1 ? color : `color-mix(in srgb, ${color} ${Math.max(0, opacity) * 100}%, transparent)`);

const HEX = /^#([0-9a-f]{2})?([0-9a-f]{6})$/i;
const PERCENT = /^(.+)@(\d{1,3})$/;

/** @param {string} text */
function base(text) {
  const hex = HEX.exec(text);
  if (hex) return `#${hex[2]}${hex[1] ?? ''}`;
  if (Object.hasOwn(LIGHT, text)) return themeColor(text);
  return Object.hasOwn(NAMED, text) ? NAMED[text] : 'transparent';
}

/** CSS of a color; empty where there is none. An unknown name is transparent, as in Stac. @param {unknown} value @returns {string} */
export function cssColor(value) {
  if (typeof value !== 'string' || value === '') return '';
  const percent = PERCENT.exec(value);
  if (!percent) return base(value);
  const color = base(percent[1]).replace(/^(#[0-9a-f]{6})[0-9a-f]{2}$/i, '$1');
  return withOpacity(color, Number(percent[2]) / 100);
}
