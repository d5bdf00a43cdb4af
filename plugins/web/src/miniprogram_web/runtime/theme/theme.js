/** A theme: colors as CSS variables, text styles as numbers. Made from Stac's theme document, or Material 3's baseline without one. */

import { textStyle, TYPE_SCALE } from '../layout/text_style.js';
import { cssColor, themeVariable } from './colors.js';
import { DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST } from './tokens.js';

/** @typedef {import('../layout/types.js').TextStyle} TextStyle */

/**
 * @typedef {object} Theme
 * @property {'light' | 'dark'} brightness
 * @property {Record<string, string>} colors  CSS, by name of the theme
 * @property {Record<string, TextStyle>} texts  by name of the type scale
 * @property {any} components  the theme document, where it is of this brightness: what widgets have that do not say it themselves
 */

/**
 * @param {any} [document]  a theme of Stac: colorScheme, textTheme, brightness, fontFamily …
 * @param {{brightness?: 'light' | 'dark', contrast?: boolean}} [wanted]
 * @returns {Theme}
 */
export function makeTheme(document = null, { brightness, contrast = false } = {}) {
  const dark = (brightness ?? document?.brightness ?? document?.colorScheme?.brightness) === 'dark';
  const colors = { ...(dark ? DARK : LIGHT), ...(contrast ? (dark ? DARK_CONTRAST : LIGHT_CONTRAST) : {}) };
  const own = document?.colorScheme ?? {};
  // A scheme of the other brightness would put light letters on a light ground.
  const fits = (own.brightness ?? document?.brightness ?? 'light') === (dark ? 'dark' : 'light');
  if (fits) {
    for (const name of Object.keys(colors)) {
      const given = cssColor(own[name]);
      if (given && !given.startsWith('var(')) colors[name] = given;
    }
  }
  const texts = Object.fromEntries(Object.entries(TYPE_SCALE).map(([name, style]) => {
    const family = typeof document?.fontFamily === 'string' ? { fontFamily: document.fontFamily } : {};
    return [name, textStyle(document?.textTheme?.[name], { ...style, ...family, even: true }, 1)];
  }));
  return { brightness: dark ? 'dark' : 'light', colors, texts, components: (fits && document) || null };
}

/** Write the colors where everything inside sees them. @param {HTMLElement} element @param {Theme} theme */
export function applyTheme(element, theme) {
  for (const [name, color] of Object.entries(theme.colors)) element.style.setProperty(themeVariable(name), color);
  element.style.colorScheme = theme.brightness;
}
