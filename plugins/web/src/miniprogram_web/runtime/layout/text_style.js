/** Text styles: Material 3's type scale by name, and how a node's style is put on top of the surrounding one. */

import { notNegative, number } from './values.js';

/** @typedef {import('./types.js').TextStyle} TextStyle */

/** @param {number} fontSize @param {number} height @param {number} letterSpacing @param {number} [fontWeight] @returns {TextStyle} */
const style = (fontSize, height, letterSpacing, fontWeight = 400) => ({ fontSize, height, letterSpacing, wordSpacing: 0, fontWeight });

/** Flutter's Material 3 typography. @type {Readonly<Record<string, TextStyle>>} */
export const TYPE_SCALE = Object.freeze({
  displayLarge: style(57, 1.12, -0.25), displayMedium: style(45, 1.16, 0), displaySmall: style(36, 1.22, 0),
  headlineLarge: style(32, 1.25, 0), headlineMedium: style(28, 1.29, 0), headlineSmall: style(24, 1.33, 0),
  titleLarge: style(22, 1.27, 0), titleMedium: style(16, 1.5, 0.15, 500), titleSmall: style(14, 1.43, 0.1, 500),
  bodyLarge: style(16, 1.5, 0.5), bodyMedium: style(14, 1.43, 0.25), bodySmall: style(12, 1.33, 0.4),
  labelLarge: style(14, 1.43, 0.1, 500), labelMedium: style(12, 1.33, 0.5, 500), labelSmall: style(11, 1.45, 0.5, 500),
});

/** Marks a style in which nothing is looked up any more. No document can have it. */
export const RESOLVED = Symbol('resolved');

export const BODY = TYPE_SCALE.bodyMedium;

/** @param {unknown} value @param {number} fallback */
function weight(value, fallback) {
  if (value === 'bold') return 700;
  if (value === 'normal') return 400;
  const match = /^w([1-9]00)$/.exec(String(value));
  return match ? Number(match[1]) : fallback;
}

/**
 * A style in any of Stac's spellings: a name of the type scale, {type: 'theme', textTheme}, {styleFromTheme}, or own values;
 * one that is RESOLVED already stands for itself.
 * @param {any} value @param {TextStyle} base @param {number} scale @returns {TextStyle}
 */
export function textStyle(value, base, scale) {
  if (value?.[RESOLVED]) return { ...value, fontSize: value.fontSize * scale };
  const name = typeof value === 'string' ? value : value?.textTheme ?? value?.styleFromTheme;
  const from = Object.hasOwn(TYPE_SCALE, name ?? '') ? TYPE_SCALE[name] : base;
  const own = value && typeof value === 'object' ? value : {};
  return {
    fontSize: (notNegative(own.fontSize) ?? from.fontSize) * scale,
    height: notNegative(own.height) ?? from.height,
    letterSpacing: number(own.letterSpacing) ?? from.letterSpacing,
    wordSpacing: number(own.wordSpacing) ?? from.wordSpacing,
    fontWeight: weight(own.fontWeight, from.fontWeight),
    fontStyle: own.fontStyle === 'italic' || own.fontStyle === 'normal' ? own.fontStyle : from.fontStyle,
    fontFamily: typeof own.fontFamily === 'string' ? own.fontFamily : from.fontFamily,
    ...(from.even && own.leadingDistribution !== 'proportional' ? { even: true } : {}),
    ...(from.paint ? { paint: from.paint } : {}),
  };
}
