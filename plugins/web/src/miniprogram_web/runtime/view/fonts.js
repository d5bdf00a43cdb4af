/** Loads the fonts and icon tables that lie beside the runtime. Text metrics decide layout, so nothing is drawn before. */

const WEIGHTS = ['400', '500', '700'];

/** @typedef {{roboto: string, usual: string, material: string, cupertino: string, usualTable: string, materialTable: string, cupertinoTable: string}} FontAddresses */

/** Where the files lie in a folder that holds icons/ and vendor/. @param {string} folder  its address @param {string} [vendor] @returns {FontAddresses} */
export const besides = (folder, vendor = '../vendor/') => ({
  roboto: new URL(`${vendor}roboto/roboto-latin-wght-normal.woff2`, folder).href,
  usual: new URL(`${vendor}icons/material-common.woff2`, folder).href,
  material: new URL(`${vendor}icons/material.woff2`, folder).href,
  cupertino: new URL(`${vendor}icons/cupertino.woff2`, folder).href,
  usualTable: new URL('icons/material-common.json', folder).href,
  materialTable: new URL('icons/material.json', folder).href,
  cupertinoTable: new URL('icons/cupertino.json', folder).href,
});

/** Where a page has the folder of the runtime, when it said so. */
let runtimeFolder = '';

/**
 * Say where the folder of the runtime is served, with `mini-program.js`, `icons/` and `vendor/` in it. Needed where a bundler has moved
 * the code away from its files and does not know `new URL('…', import.meta.url)`.
 * @param {string | URL} address
 */
export function setRuntimeFolder(address) {
  runtimeFolder = new URL(address, document.baseURI).href.replace(/\/?$/, '/');
}

/** The runtime as one file, in the folder that was named. @returns {string} */
export const namedScript = () => (runtimeFolder ? `${runtimeFolder}mini-program.js` : '');

/** The files of the runtime. The addresses are written so that bundlers see them, and copy the files. @returns {FontAddresses} */
export const ownFiles = () => (runtimeFolder ? besides(runtimeFolder, 'vendor/') : {
  roboto: new URL('../../vendor/roboto/roboto-latin-wght-normal.woff2', import.meta.url).href,
  usual: new URL('../../vendor/icons/material-common.woff2', import.meta.url).href,
  material: new URL('../../vendor/icons/material.woff2', import.meta.url).href,
  cupertino: new URL('../../vendor/icons/cupertino.woff2', import.meta.url).href,
  usualTable: new URL('../icons/material-common.json', import.meta.url).href,
  materialTable: new URL('../icons/material.json', import.meta.url).href,
  cupertinoTable: new URL('../icons/cupertino.json', import.meta.url).href,
});

/** @type {Map<string, Promise<any>>} */
const loads = new Map();

/** @template T @param {string} key @param {() => Promise<T>} work @returns {Promise<T>} */
function once(key, work) {
  if (!loads.has(key)) loads.set(key, work());
  return /** @type {Promise<T>} */ (loads.get(key));
}

/** Known to the page; loaded when a letter needs it. @param {string} family @param {string} url @param {FontFaceDescriptors} [descriptors] */
const face = (family, url, descriptors = {}) => once(`${family} ${url}`, async () => {
  const made = new FontFace(family, `url(${JSON.stringify(url)})`, descriptors);
  document.fonts.add(made);
  return made;
});

/** @param {string} url @returns {Promise<Record<string, number>>} */
const table = (url) => once(url, async () => (await fetch(url)).json());

/**
 * The text font and the usual icons. The whole icon fonts and their tables come when a screen names an icon that is in none yet; an icon
 * font that does not load leaves its places empty.
 * @param {FontAddresses} addresses @param {import('./icons.js').Icons} icons
 */
export async function loadFonts(addresses, icons) {
  const text = face('Roboto', addresses.roboto, { weight: '100 900' }).then((roboto) => Promise.all([roboto.load(), ...WEIGHTS.map((weight) => document.fonts.load(`${weight} 14px Roboto`))]));
  icons.load = (kind) => table(kind === 'cupertino' ? addresses.cupertinoTable : addresses.materialTable);
  const usual = table(addresses.usualTable).then(async (names) => {
    icons.addUsual({ material: names });
    void face('Cupertino Icons Flutter', addresses.cupertino);
    await face('Material Icons Flutter', addresses.material);
    // The later of two faces wins where both have a letter.
    const unicodeRange = Object.values(names).map((code) => `U+${code.toString(16)}`).join();
    const made = await face('Material Icons Flutter', addresses.usual, { unicodeRange });
    void made.load().catch(() => {});
  });
  await Promise.allSettled([text, usual]);
}
