/** Widgets that are loaded when a screen names the first of them: by type, what loads those of its kind. */

/** @import { Build } from './builder.js' */
/** @typedef {() => Promise<Record<string, Build>>} Load */

/** @type {Load} */
const rare = async () => (await import('./rare.js')).RARE;
/** @type {Load} */
const inputs = async () => (await import('./inputs.js')).INPUTS;
/** @type {Load} */
const choices = async () => (await import('./choices.js')).CHOICES;

/** @type {ReadonlyMap<string, Load>} */
export const LATER = new Map(/** @type {[string, Load][]} */ ([
  ...['navigationBar', 'sliverAppBar', 'badge', 'tooltip', 'dynamicDataProvider', 'templateBuilder', 'webView', 'carouselView', 'slider', 'dropdownMenu', 'drawer', 'placeholder', 'refreshIndicator'].map((type) => [type, rare]),
  ...['form', 'textField', 'textFormField', 'autocomplete'].map((type) => [type, inputs]),
  ...['checkBox', 'switch', 'radio', 'radioGroup', 'chip'].map((type) => [type, choices]),
]));
