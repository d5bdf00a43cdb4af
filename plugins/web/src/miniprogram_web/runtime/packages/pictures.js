/** Pictures of the version itself, written into its screens: what is shown is what was verified, and a frame without an origin can show it. */

const KINDS = Object.freeze({ png: 'png', jpg: 'jpeg', jpeg: 'jpeg', gif: 'gif', webp: 'webp', avif: 'avif' });
/** As many bytes as one call takes as arguments. */
const CHUNK = 0x8000;

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** The picture as an address, for the name of an asset; blank for what is no picture. @param {string} name @param {() => Promise<Uint8Array | null> | Uint8Array | null} load */
export async function pictureAddress(name, load) {
  const kind = /** @type {Record<string, string>} */ (KINDS)[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
  const bytes = kind ? await load() : null;
  return bytes ? `data:image/${kind};base64,${base64(bytes)}` : '';
}

/** Every text in a document through `replace`. @param {any} node @param {(text: string) => Promise<string>} replace @returns {Promise<any>} */
export async function withTexts(node, replace) {
  if (Array.isArray(node)) return Promise.all(node.map((each) => withTexts(each, replace)));
  if (typeof node === 'string') return replace(node);
  if (!node || typeof node !== 'object') return node;
  return Object.fromEntries(await Promise.all(Object.entries(node).map(async ([name, value]) => [name, await withTexts(value, replace)])));
}
