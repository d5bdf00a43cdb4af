/** What a browser is connected by. */

/** As good as Wi-Fi: nobody pays by the byte. */
const FREE = ['wifi', 'ethernet', 'wimax'];

/** `wifi`, or another word such as `cellular`. Browsers that do not say count as `wifi`, as hosts in Python do that do not say. */
export function networkNow() {
  const type = /** @type {any} */ (globalThis.navigator)?.connection?.type;
  return !type || type === 'unknown' || FREE.includes(type) ? 'wifi' : type;
}
