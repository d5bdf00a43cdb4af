/** Decorations of Stac JSON as CSS: borders, corners, shapes, gradients, shadows, elevation. */

import { alignment, nodes, notNegative, number } from '../layout/values.js';
import { cssColor, themeColor, withOpacity } from './colors.js';

/** @typedef {Record<string, string>} Css @typedef {{width: number, height: number}} Size */

/** @param {number} value */
export const px = (value) => `${value}px`;

/** Corners in CSS: a number, [topLeft, topRight, bottomLeft, bottomRight] or an object. @param {any} value @returns {string} */
export function radius(value) {
  const all = notNegative(value);
  if (all !== null) return px(all);
  if (!value || typeof value !== 'object') return '';
  const [a, b, c, d] = Array.isArray(value) ? value : [value.topLeft, value.topRight, value.bottomLeft, value.bottomRight];
  const [topLeft, topRight, bottomLeft, bottomRight] = [a, b, c, d].map((each) => notNegative(each) ?? 0);
  return `${px(topLeft)} ${px(topRight)} ${px(bottomRight)} ${px(bottomLeft)}`;
}

/**
 * A border as shadows: they take no room in CSS, as Flutter's take none in its children's positions.
 * @param {any} border @param {number} [standardWidth] @returns {string[]}
 */
export function borderShadows(border, standardWidth = 1) {
  if (!border || typeof border !== 'object') return [];
  const sides = ['top', 'right', 'bottom', 'left'].filter((side) => border[side]);
  if (sides.length) return sides.map((side) => sideShadow(side, border[side])).filter(Boolean);
  if (border.borderStyle === 'none') return [];
  const width = notNegative(border.width) ?? standardWidth;
  const color = cssColor(border.color) || '#000000';
  if (!width) return [];
  const outside = (width * (1 + Math.min(1, Math.max(-1, number(border.strokeAlign) ?? -1)))) / 2;
  return [
    ...(outside < width ? [`inset 0 0 0 ${px(width - outside)} ${color}`] : []),
    ...(outside > 0 ? [`0 0 0 ${px(outside)} ${color}`] : []),
  ];
}

/** @param {string} side @param {any} value */
function sideShadow(side, value) {
  const width = notNegative(value.width) ?? 0;
  if (!width || value.borderStyle === 'none') return '';
  const at = { top: [0, width], right: [-width, 0], bottom: [0, -width], left: [width, 0] }[/** @type {'top'} */ (side)];
  return `inset ${px(at[0])} ${px(at[1])} 0 0 ${cssColor(value.color) || '#000000'}`;
}

/** Shadows of Material's elevations. @param {number | null} level  logical pixels @param {string} [color] */
export function elevationShadow(level, color = '') {
  if (!level || level <= 0) return '';
  const own = color || themeColor('shadow');
  const y = Math.max(1, Math.round(level * 0.6));
  return `0 ${px(y)} ${px(level * 1.2 + 1)} ${withOpacity(own, 0.2)}, 0 ${px(Math.ceil(level / 3))} ${px(level * 2 + 1)} ${withOpacity(own, 0.14)}`;
}

/** @param {any} shadow */
function boxShadow(shadow) {
  const blur = notNegative(shadow?.blurRadius) ?? 0;
  const color = cssColor(shadow?.color) || '#000000';
  return `${px(number(shadow?.offset?.dx) ?? 0)} ${px(number(shadow?.offset?.dy) ?? 0)} ${px(blur)} ${px(number(shadow?.spreadRadius) ?? 0)} ${color}`;
}

/** A shape in any spelling: {borderType, data}, {side, borderRadius}, {type, side, borderRadius}. @param {any} value @returns {{radius: string, side: any} | null} */
export function shape(value) {
  if (!value || typeof value !== 'object') return null;
  const kind = String(value.borderType ?? value.type ?? 'roundedRectangleBorder');
  const data = value.data && typeof value.data === 'object' ? value.data : value;
  return { radius: kind.startsWith('circle') ? '9999px' : radius(data.borderRadius) || '0px', side: data.side };
}

/** @param {any} value  a gradient of Stac @param {Size} size @param {'ltr' | 'rtl'} [direction] @returns {string} */
export function gradient(value, size, direction = 'ltr') {
  const colors = nodes(value?.colors).map((each) => cssColor(each) || 'transparent');
  if (!colors.length) return '';
  if (colors.length === 1) colors.push(colors[0]);
  const stops = nodes(value.stops).map((each) => number(each) ?? 0);
  const at = colors.map((_, index) => (stops.length === colors.length ? stops[index] : index / (colors.length - 1)));
  const repeating = value.tileMode === 'repeated' || value.tileMode === 'mirror' ? 'repeating-' : '';
  const point = (/** @type {any} */ name, /** @type {string} */ standard) => {
    const { x, y } = alignment(name, direction, standard);
    return { x: ((1 + x) / 2) * size.width, y: ((1 + y) / 2) * size.height };
  };
  const center = point(value.center, 'center');
  switch (value.gradientType) {
    case 'radial': {
      const length = (notNegative(value.radius) ?? 0.5) * Math.min(size.width, size.height);
      return `${repeating}radial-gradient(circle ${px(length)} at ${px(center.x)} ${px(center.y)}, ${colors.map((color, index) => `${color} ${px(at[index] * length)}`).join(', ')})`;
    }
    case 'sweep': {
      const start = number(value.startAngle) ?? 0;
      const whole = (number(value.endAngle) ?? 2 * Math.PI) - start;
      return `conic-gradient(from ${start + Math.PI / 2}rad at ${px(center.x)} ${px(center.y)}, ${colors.map((color, index) => `${color} ${at[index] * whole}rad`).join(', ')})`;
    }
    default: return linear(point(value.begin, 'centerLeft'), point(value.end, 'centerRight'), size, colors, at, repeating);
  }
}

/**
 * CSS measures along the angle, Flutter between two points.
 * @param {{x: number, y: number}} from @param {{x: number, y: number}} to @param {Size} size @param {string[]} colors @param {number[]} at @param {string} repeating
 */
function linear(from, to, size, colors, at, repeating) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const distance = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / distance, dy / distance];
  const whole = Math.abs(ux) * size.width + Math.abs(uy) * size.height || 1;
  const first = (from.x - size.width / 2) * ux + (from.y - size.height / 2) * uy + whole / 2;
  const stops = colors.map((color, index) => `${color} ${(((first + at[index] * distance) / whole) * 100).toFixed(3)}%`);
  return `${repeating}linear-gradient(${Math.atan2(dx, -dy).toFixed(6)}rad, ${stops.join(', ')})`;
}

/** How a picture is scaled, as the size of a background. */
export const FIT = Object.freeze({ fill: '100% 100%', cover: 'cover', contain: 'contain', none: 'auto', fitWidth: '100% auto', fitHeight: 'auto 100%' });

/** A picture that has room is as large as it is. @param {Size | null} natural @param {Size} size */
const fitDown = (natural, size) => (natural && natural.width <= size.width && natural.height <= size.height ? 'auto' : 'contain');

/** @param {any} name @param {'ltr' | 'rtl'} [direction] */
export function position(name, direction = 'ltr') {
  const { x, y } = alignment(name, direction, 'center');
  return `${((1 + x) / 2) * 100}% ${((1 + y) / 2) * 100}%`;
}

/**
 * CSS of a boxDecoration.
 * @param {any} value @param {Size} size @param {{direction?: 'ltr' | 'rtl', imageUrl: (src: unknown, imageType: unknown) => string, naturalSize?: (url: string) => Size | null}} context @returns {Css}
 */
export function decoration(value, size, { direction = 'ltr', imageUrl, naturalSize = () => null }) {
  if (!value || typeof value !== 'object') return {};
  /** @type {Css} */
  const css = {};
  const color = cssColor(value.color);
  if (color) css.backgroundColor = color;
  // A circle as large as the shorter side lets it be.
  if (value.shape === 'circle' && size.width !== size.height) css.clipPath = `circle(${px(Math.min(size.width, size.height) / 2)})`;
  const corners = value.shape === 'circle' ? '50%' : radius(value.borderRadius);
  if (corners) css.borderRadius = corners;
  const shadows = [...borderShadows(value.border), ...nodes(value.boxShadow).map(boxShadow)];
  if (shadows.length) css.boxShadow = shadows.join(', ');
  const images = [];
  const url = value.image ? imageUrl(value.image.src, value.image.imageType ?? 'network') : '';
  if (url) {
    images.push(`url(${JSON.stringify(url)})`);
    css.backgroundSize = FIT[/** @type {'cover'} */ (value.image.fit)] ?? fitDown(naturalSize(url), size);
    css.backgroundPosition = position(value.image.alignment, direction);
    css.backgroundRepeat = { repeat: 'repeat', repeatX: 'repeat-x', repeatY: 'repeat-y' }[/** @type {'repeat'} */ (value.image.repeat)] ?? 'no-repeat';
  }
  const filled = gradient(value.gradient, size, direction);
  if (filled) images.push(filled);
  if (images.length) css.backgroundImage = images.join(', ');
  return css;
}
