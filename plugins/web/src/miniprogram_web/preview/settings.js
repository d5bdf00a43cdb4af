/** What a person chose, kept for the tab, and for the next one. An address may say it too: `?device=iphone&brightness=dark`. */

import { DEVICES, FREE, WINDOW } from './devices.js';

const KEY = 'miniprogram-preview';
export const CAPABILITIES = Object.freeze(['analytics', 'auth', 'native_navigation', 'secure_api']);
export const TEXT_SCALES = Object.freeze([0.85, 1, 1.15, 1.3, 1.5, 2]);
export const DILATIONS = Object.freeze([1, 2, 5, 10]);
export const LOCALES = Object.freeze(['en', 'de', 'fr', 'es', 'pt-BR', 'ar', 'he', 'fa', 'hi', 'id', 'ja', 'ko', 'zh-CN']);
export const TABS = Object.freeze(['inspect', 'state', 'log', 'host']);
/** Where tools and device do not fit side by side, tools are shown when they are asked for, and a frame would only take room. */
const NARROW = 760;
const RIGHT_TO_LEFT = /^(ar|he|fa|ur)\b/;

/**
 * @typedef {object} Values
 * @property {string} device
 * @property {number} width  of a free size
 * @property {number} height
 * @property {boolean} landscape
 * @property {'fit' | number} zoom
 * @property {'light' | 'dark'} brightness
 * @property {boolean} contrast
 * @property {string} theme  name of one of the mini-program's, empty for none
 * @property {string} locale
 * @property {'auto' | 'ltr' | 'rtl'} direction
 * @property {number} textScale
 * @property {number} timeDilation
 * @property {readonly string[]} capabilities
 * @property {string} scenario  empty for none
 * @property {string} screen  empty for the entry
 * @property {'device' | 'storyboard'} mode
 * @property {string} tab
 * @property {boolean} panel
 */

/** @type {Readonly<Values>} */
export const DEFAULTS = Object.freeze({
  device: DEVICES[0].id, width: 400, height: 800, landscape: false, zoom: 'fit', brightness: 'light', contrast: false, theme: '', locale: 'en', direction: 'auto', textScale: 1, timeDilation: 1,
  capabilities: CAPABILITIES, scenario: '', screen: '', mode: 'device', tab: 'inspect', panel: true,
});

/** @type {{[name: string]: (value: unknown) => boolean}} */
const ALLOWED = {
  device: (value) => value === FREE || value === WINDOW || DEVICES.some(({ id }) => id === value), zoom: (value) => value === 'fit' || (typeof value === 'number' && value >= 0.1 && value <= 4),
  brightness: (value) => value === 'light' || value === 'dark', direction: (value) => ['auto', 'ltr', 'rtl'].includes(String(value)), mode: (value) => value === 'device' || value === 'storyboard', tab: (value) => TABS.includes(String(value)),
  width: (value) => Number(value) >= 100 && Number(value) <= 4000, height: (value) => Number(value) >= 100 && Number(value) <= 4000, textScale: (value) => Number(value) >= 0.5 && Number(value) <= 4, timeDilation: (value) => Number(value) >= 0.1 && Number(value) <= 50,
  capabilities: (value) => Array.isArray(value) && value.every((each) => CAPABILITIES.includes(each)),
};

/** What of `given` is a setting, with a value that it may have. @param {Record<string, any>} given @returns {Partial<Values>} */
export function valid(given) {
  const found = Object.entries(DEFAULTS).filter(([name, usual]) => Object.hasOwn(given, name) && (ALLOWED[name]?.(given[name]) ?? typeof given[name] === typeof usual));
  return Object.fromEntries(found.map(([name]) => [name, given[name]]));
}

/** Settings as an address has them. @param {string} search @returns {Partial<Values>} */
export function ofAddress(search) {
  /** @type {Record<string, any>} */
  const given = {};
  for (const [name, text] of new URLSearchParams(search)) {
    const usual = DEFAULTS[/** @type {keyof Values} */ (name)];
    if (Array.isArray(usual)) given[name] = text.split(',').filter(Boolean);
    else if (typeof usual === 'number') given[name] = Number(text);
    else if (typeof usual === 'boolean') given[name] = text === 'true' || text === '1' || text === '';
    else given[name] = name === 'zoom' && text !== 'fit' ? Number(text) : text;
  }
  return valid(given);
}

/** @param {Values} values @returns {'ltr' | 'rtl'} */
export const directionOf = ({ direction, locale }) => (direction === 'auto' ? (RIGHT_TO_LEFT.test(locale) ? 'rtl' : 'ltr') : direction);

export class Settings {
  /** @type {((changed: Partial<Values>) => void)[]} */
  #listeners = [];

  /** @param {string} [search]  of the page's address */
  constructor(search = '') {
    /** @type {Values} */
    this.values = { ...DEFAULTS, ...(innerWidth > NARROW ? {} : { panel: false, device: WINDOW }), ...stored(), ...ofAddress(search) };
  }

  /** @param {Partial<Values>} changes */
  set(changes) {
    const changed = Object.fromEntries(Object.entries(valid(changes)).filter(([name, value]) => this.values[/** @type {keyof Values} */ (name)] !== value));
    if (!Object.keys(changed).length) return;
    this.values = { ...this.values, ...changed };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.values));
      // The next tab may show another mini-program, which has other screens and scenarios.
      localStorage.setItem(KEY, JSON.stringify({ ...this.values, screen: '', scenario: '', mode: DEFAULTS.mode }));
    } catch { /* a browser that keeps nothing */ }
    for (const listener of this.#listeners) listener(changed);
  }

  /** @param {(changed: Partial<Values>) => void} listener */
  listen(listener) {
    this.#listeners.push(listener);
  }
}

/** Of this tab, else of the one that was there last. @returns {Partial<Values>} */
function stored() {
  try {
    return valid(JSON.parse(sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return {};
  }
}
