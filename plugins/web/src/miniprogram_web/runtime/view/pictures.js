/** Pictures by address: their own size, which layout needs, once they are loaded. */

/** @typedef {{natural: {width: number, height: number} | null, failed: boolean}} Picture */

const WAITING = Object.freeze({ natural: null, failed: false });

export class Pictures {
  /** @type {Map<string, Picture>} */
  #known = new Map();

  /** @param {() => void} changed  told when a picture came or failed */
  constructor(changed) {
    this.changed = changed;
  }

  /** @param {string} url @returns {Picture} */
  get(url) {
    if (!url) return WAITING;
    const known = this.#known.get(url);
    if (known) return known;
    this.#known.set(url, WAITING);
    const image = new Image();
    image.referrerPolicy = 'no-referrer';
    const keep = (/** @type {Picture} */ picture) => {
      this.#known.set(url, picture);
      this.changed();
    };
    image.onload = () => keep({ natural: { width: image.naturalWidth, height: image.naturalHeight }, failed: false });
    image.onerror = () => keep({ natural: null, failed: true });
    image.src = url;
    return WAITING;
  }
}

const DATA_PICTURE = /^data:image\/(png|jpeg|jpg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*$/;

/** An address that a picture may have: http, https, or the bytes of a raster image. @param {unknown} src @returns {string} empty for none */
export function pictureUrl(src) {
  if (typeof src !== 'string') return '';
  if (DATA_PICTURE.test(src)) return src;
  return webUrl(src);
}

/** An absolute http or https address without credentials. @param {unknown} value @returns {string} empty for none */
export function webUrl(value) {
  if (typeof value !== 'string') return '';
  try {
    const url = new URL(value);
    return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password ? url.href : '';
  } catch {
    return '';
  }
}
