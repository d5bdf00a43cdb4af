/** Icons, pictures, avatars. */

import { number, notNegative } from '../layout/values.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { FIT, position } from '../theme/decoration.js';
import { themed } from './scope.js';

/** @import { Build, Widget } from './builder.js' */

/**
 * An icon as a letter of the icon font.
 * @param {Widget} w @param {string} name @param {{size?: number, color?: string, label?: string, kind?: string}} [options]
 */
export function iconNode(w, name, { size = w.scope.icon.size, color = w.scope.icon.color, label, kind = 'material' } = {}) {
  const glyph = w.view.icons.glyph(name, kind, w.view.redraw);
  if (glyph === null) w.view.warn({ code: 'unknown_icon', path: w.path, message: `There is no ${kind} icon "${name}".` });
  return {
    type: 'sizedBox', width: size, height: size, jsonPath: w.path,
    look: {
      tag: 'span', className: kind === 'cupertino' ? 'mp-icon mp-cupertino' : 'mp-icon', text: glyph ?? '',
      css: { fontSize: `${size}px`, lineHeight: `${size}px`, color },
      attributes: label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' },
    },
  };
}

/** @type {Build<'icon'>} */
function icon(w) {
  const { node } = w;
  const size = (notNegative(node.size) ?? w.scope.icon.size) * (node.applyTextScaling ? w.view.textScale : 1);
  const made = iconNode(w, String(node.icon ?? ''), {
    size, color: w.color('color', w.scope.icon.color), kind: node.iconType === 'cupertino' ? 'cupertino' : 'material',
    label: typeof node.semanticLabel === 'string' ? node.semanticLabel : undefined,
  });
  return { ...made, jsonPath: w.path };
}

const OBJECT_FIT = Object.freeze({ fill: 'fill', contain: 'contain', cover: 'cover', none: 'none', scaleDown: 'scale-down' });

/** Fit one side, whatever the other does: CSS has no word for it. @param {'width' | 'height'} side @param {{width: number, height: number} | null} natural */
const fitSide = (side, natural) => (/** @type {HTMLElement} */ element, /** @type {{width: number, height: number}} */ box) => {
  const wider = natural && box.width * natural.height > box.height * natural.width;
  element.style.objectFit = wider === (side === 'width') ? 'cover' : 'contain';
};

/** @type {Build<'image'>} */
function image(w) {
  const { node } = w;
  const url = w.view.imageUrl(node.src, node.imageType ?? 'network');
  const picture = w.view.pictures.get(url);
  const label = typeof node.semanticLabel === 'string' && !node.excludeFromSemantics ? node.semanticLabel : '';
  const size = { width: node.width, height: node.height, natural: picture.natural };
  if (!url || picture.failed) {
    return { type: 'pictureBox', ...size, look: { className: 'mp-broken', attributes: { role: 'img', 'aria-label': label || 'picture that could not be loaded' } } };
  }
  const tint = cssColor(node.color);
  const css = {
    objectFit: OBJECT_FIT[/** @type {keyof typeof OBJECT_FIT} */ (node.fit)] ?? 'scale-down', objectPosition: position(node.alignment, w.view.direction),
    imageRendering: node.filterQuality === 'none' ? 'pixelated' : 'auto',
  };
  const paint = node.fit === 'fitWidth' ? fitSide('width', picture.natural) : node.fit === 'fitHeight' ? fitSide('height', picture.natural) : undefined;
  if (!tint) return { type: 'pictureBox', ...size, look: { tag: 'img', css, ...(paint ? { paint } : {}), attributes: { src: url, alt: label, decoding: 'async', draggable: 'false', referrerpolicy: 'no-referrer' } } };
  const mask = `url(${JSON.stringify(url)}) ${css.objectPosition} / ${FIT[/** @type {'cover'} */ (node.fit)] ?? 'contain'} no-repeat`;
  return { type: 'pictureBox', ...size, look: { css: { backgroundColor: tint, mask }, attributes: label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' } } };
}

/** @type {Build<'circleAvatar'>} */
function circleAvatar(w) {
  const { node } = w;
  const radius = notNegative(node.radius);
  const least = 2 * (radius ?? notNegative(node.minRadius) ?? (node.maxRadius == null ? 20 : 0));
  const most = radius !== null ? 2 * radius : node.maxRadius != null ? 2 * (number(node.maxRadius) ?? 20) : node.minRadius != null ? 'infinity' : 40;
  const color = w.color('foregroundColor', themeColor('onPrimaryContainer'));
  const urls = [node.foregroundImage, node.backgroundImage].map((each) => (each ? w.view.imageUrl(each, /^https?:/.test(String(each)) ? 'network' : 'asset') : '')).filter(Boolean);
  const child = w.slot('child', { text: themed(w.theme, 'titleMedium', color), icon: { ...w.scope.icon, color } });
  return {
    type: 'container', constraints: { minWidth: least, minHeight: least, maxWidth: most, maxHeight: most },
    look: {
      css: {
        borderRadius: '50%', overflow: 'clip', backgroundColor: w.color('backgroundColor', themeColor('primaryContainer')),
        ...(urls.length ? { backgroundImage: urls.map((url) => `url(${JSON.stringify(url)})`).join(', '), backgroundSize: 'cover', backgroundPosition: 'center' } : {}),
      },
    },
    ...(child ? { alignment: 'center', child } : {}),
  };
}

/** @type {Record<string, Build>} */
export const MEDIA = { icon, image, circleAvatar };
