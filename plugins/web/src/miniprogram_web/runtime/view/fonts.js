/** Loads the fonts and icon tables that lie beside the runtime. Text metrics decide layout, so nothing is drawn before. */

const WEIGHTS = ['400', '500', '700'];

/** @typedef {{roboto: string, material: string, cupertino: string, materialTable: string, cupertinoTable: string}} FontAddresses */

/** Where the files are as they are shipped. @param {string} base  the address of this folder's parent @returns {FontAddresses} */
export const besides = (base) => ({
  roboto: new URL('../vendor/roboto/roboto-latin-wght-normal.woff2', base).href,
  material: new URL('../vendor/icons/material.woff2', base).href,
  cupertino: new URL('../vendor/icons/cupertino.woff2', base).href,
  materialTable: new URL('icons/material.json', base).href,
  cupertinoTable: new URL('icons/cupertino.json', base).href,
});

/** @type {Map<string, Promise<any>>} */
const loads = new Map();

/** @template T @param {string} key @param {() => Promise<T>} work @returns {Promise<T>} */
function once(key, work) {
  if (!loads.has(key)) loads.set(key, work());
  return /** @type {Promise<T>} */ (loads.get(key));
}

/** @param {string} family @param {string} url @param {FontFaceDescriptors} [descriptors] */
const face = (family, url, descriptors = {}) => once(`${family} ${url}`, async () => {
  const made = new FontFace(family, `url(${JSON.stringify(url)})`, descriptors);
  document.fonts.add(made);
  await made.load();
});

/** @param {string} url @returns {Promise<Record<string, number>>} */
const table = (url) => once(url, async () => (await fetch(url)).json());

/**
 * The text font, and the icons as far as they come; an icon font that does not load leaves its places empty.
 * @param {FontAddresses} addresses @param {import('./icons.js').Icons} icons
 */
export async function loadFonts(addresses, icons) {
  const text = face('Roboto', addresses.roboto, { weight: '100 900' }).then(() => Promise.all(WEIGHTS.map((weight) => document.fonts.load(`${weight} 14px Roboto`))));
  const kinds = /** @type {const} */ ([['material', 'Material Icons Flutter'], ['cupertino', 'Cupertino Icons Flutter']]);
  const tables = kinds.map(async ([kind, family]) => {
    void face(family, addresses[kind]).catch(() => {});
    icons.add({ [kind]: await table(addresses[`${kind}Table`]) });
  });
  await Promise.allSettled([text, ...tables]);
}
