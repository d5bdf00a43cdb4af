/**
 * Layout errors of screens, without a browser: `node layout_check.mjs < SCREENS.json`.
 *
 * In: {"screens": {NAME: Stac JSON}, "size": [width, height], "textScale": 1, "direction": "ltr"}; all but the screens may be
 * left out. Out: {"screens": {NAME: [{code, path, message, pixels?}]}}. Texts are measured by Roboto's widths, so an overflow
 * by a few pixels is a likelihood, not a certainty.
 */

import { readFileSync } from 'node:fs';
import { layout } from '../layout/engine.js';
import { robotoMeasurer } from './roboto.js';
import { screenNode } from './screen_nodes.js';
import { widgetPath } from '../widgets/widget_path.js';

const PHONE = [360, 640];
/** Overflows below this may come from measuring. */
const LEAST_PIXELS = 2;

const measurer = robotoMeasurer();

/** @param {any} screen @param {{size?: number[], textScale?: number, direction?: 'ltr' | 'rtl'}} options */
function check(screen, { size = PHONE, textScale = 1, direction = 'ltr' }) {
  const [width, height] = size;
  const tight = { minWidth: width, maxWidth: width, minHeight: height, maxHeight: height };
  /** @type {any[]} */
  const tooMuch = [];
  const node = screenNode(screen, { textScale, direction }, (warning) => { if (warning.code.startsWith('too_')) tooMuch.push(warning); });
  const { diagnostics } = layout(node, tight, { measurer, textScale, direction });
  // Types that nobody knows are the catalogue's business.
  return [...tooMuch, ...diagnostics].map((each) => ({ ...each, path: widgetPath(screen, each.path) })).filter(({ code, pixels }) => code !== 'unknown_type' && !(code === 'overflow' && /** @type {number} */ (pixels) < LEAST_PIXELS));
}

const { screens, ...options } = JSON.parse(readFileSync(0, 'utf-8'));
const found = Object.entries(screens).map(([name, screen]) => [name, check(screen, options)]);
process.stdout.write(`${JSON.stringify({ screens: Object.fromEntries(found) })}\n`);
