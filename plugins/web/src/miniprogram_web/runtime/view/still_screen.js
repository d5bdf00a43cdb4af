/** Draws the one screen that its document holds as JSON, for looking at: it asks no server and opens no other screen. */

import { adoptSheet } from '../theme/sheet.js';
import { loadAll } from '../widgets/builder.js';
import { loadFonts, ownFiles } from './fonts.js';
import { View } from './view.js';

const NO_SERVER = 'A screen that is only looked at asks no server.';

/** @param {'yes' | 'failed'} how */
const told = (how) => { document.documentElement.dataset.drawn = how; };

/** @param {HTMLElement} root @param {unknown} error */
function fail(root, error) {
  root.replaceChildren(document.createTextNode(`This screen cannot be drawn: ${error instanceof Error ? error.message : String(error)}`));
  told('failed');
}

/** @param {string} code @param {string} message */
const refused = (code, message) => Promise.reject(Object.assign(new Error(message), { code }));

/** @param {HTMLElement} root */
async function draw(root) {
  const { screenId, screen, brightness, assets } = JSON.parse(document.getElementById('screen')?.textContent ?? '');
  adoptSheet(document);
  await loadAll();
  const view = new View(root, {
    brightness,
    onEvent: (name, detail) => {
      if (name === 'drawn') told('yes');
      if (name === 'failed') fail(root, detail.message);
    },
    loadScreen: (id) => refused('screen_not_found', `The screen "${id}" is shown in a frame of its own.`),
    assetUrl: (path) => { const named = `assets/${path.replace(/^assets\//, '')}`; return Object.hasOwn(assets, named) ? assets[named] : ''; },
    fetch: () => refused('network', NO_SERVER),
    mayFetch: () => false,
    mayFrame: () => false,
  });
  await loadFonts(ownFiles(), view.icons);
  view.show(screen, { screenId });
}

// once every module of the file is there
queueMicrotask(() => {
  const root = /** @type {HTMLElement} */ (document.getElementById('root'));
  draw(root).catch((error) => fail(root, error));
});
