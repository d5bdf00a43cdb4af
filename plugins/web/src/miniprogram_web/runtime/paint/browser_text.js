/**
 * Measures texts by the browser's own fonts, on a canvas: no element is laid out, so nothing forces a reflow. The font has to be
 * there before (`document.fonts.load`): text metrics decide layout.
 */

import { styleKey, wrappingMeasurer } from '../layout/wrapped_text.js';

/** @typedef {import('../layout/types.js').TextStyle} TextStyle */

export const FAMILY = 'Roboto';

/** @param {TextStyle} style @param {number} [size] */
export const fontOf = (style, size = style.fontSize) =>
  `${style.fontStyle ?? 'normal'} ${style.fontWeight} ${size}px ${style.fontFamily ? `"${style.fontFamily.replaceAll(/["\\]/g, '')}", ` : ''}${FAMILY}, sans-serif`;

/** Large enough for ascent and descent to be exact: browsers round them to pixels. */
const METRICS_SIZE = 1000;

/** @param {CanvasRenderingContext2D} [canvas] @returns {import('../layout/types.js').TextMeasurer} */
export function browserMeasurer(canvas = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'))) {
  const metrics = new Map();
  let current = '';
  const use = (/** @type {TextStyle} */ style) => {
    const key = styleKey(style);
    if (key === current) return;
    current = key;
    canvas.font = fontOf(style);
    canvas.fontKerning = 'normal';
    canvas.textRendering = 'geometricPrecision'; // widths in fractions, as Flutter has them
    if ('letterSpacing' in canvas) {
      canvas.letterSpacing = `${style.letterSpacing}px`;
      canvas.wordSpacing = `${style.wordSpacing}px`;
    }
  };
  const widthOf = (/** @type {string} */ text, /** @type {TextStyle} */ style) => {
    use(style);
    const { width } = canvas.measureText(text);
    return 'letterSpacing' in canvas ? width : width + [...text].length * style.letterSpacing;
  };
  const metricsOf = (/** @type {TextStyle} */ style) => {
    const key = fontOf(style, METRICS_SIZE);
    if (!metrics.has(key)) {
      canvas.font = key;
      current = '';
      const { fontBoundingBoxAscent, fontBoundingBoxDescent } = canvas.measureText('x');
      metrics.set(key, { ascent: fontBoundingBoxAscent / METRICS_SIZE, descent: fontBoundingBoxDescent / METRICS_SIZE });
    }
    return metrics.get(key);
  };
  const measurer = wrappingMeasurer({ widthOf, metricsOf });
  // Style by style: what costs is to change the font.
  measurer.prepare = (requests) => {
    const keyed = requests.map((request) => ({ request, key: styleKey(request.style) }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
    for (const { request } of keyed) measurer.naturalWidth(request);
  };
  return measurer;
}
