/** What runs inside a frame: a view whose every wish goes over the port. */

import { adoptSheet } from '../theme/sheet.js';
import { View } from '../view/view.js';
import { asking } from './frame.js';

/** @param {string} family @param {ArrayBuffer} bytes @param {FontFaceDescriptors} [descriptors] */
async function addFont(family, bytes, descriptors) {
  const face = new FontFace(family, bytes, descriptors);
  document.fonts.add(face);
  await face.load();
}

/** Waits for the page's port, then draws what comes over it. */
export function startInFrame() {
  addEventListener('message', (event) => {
    const [port] = event.ports;
    if (event.source !== parent || event.data?.kind !== 'mini-program' || !port) return;
    void run(port, event.data);
  }, { once: true });
  parent.postMessage({ kind: 'mini-program-ready' }, '*');
}

/** @param {MessagePort} port @param {any} start */
async function run(port, { options, fonts, table }) {
  const { ask, tell, on } = asking(port);
  adoptSheet(document);
  const host = Object.fromEntries(['openNativeScreen', 'callSecureApi', 'trackEvent'].map((name) => [name, (/** @type {any} */ payload) => ask('host', name, payload)]));
  const view = new View(/** @type {HTMLElement} */ (document.getElementById('root')), {
    ...options, host, onEvent: (name, detail) => tell(name, JSON.parse(JSON.stringify(detail ?? null))), loadScreen: (id) => ask('loadScreen', id), loadAsset: (path) => ask('loadAsset', path),
    assetUrl: (path) => (options.assetBase ? new URL(path.replace(/^assets\//, ''), options.assetBase).href : ''),
    backend: options.hasBackend ? { send: (/** @type {any} */ request) => ask('backend', request) } : null,
  });
  view.reload = () => tell('reload', {});
  view.icons.addUsual({ material: table });
  view.icons.load = async (kind) => {
    const whole = await ask('icons', kind);
    await addFont(whole.font.family, whole.font.bytes, whole.font.descriptors);
    return whole.table;
  };
  await Promise.allSettled(fonts.map((/** @type {any} */ font) => addFont(font.family, font.bytes, font.descriptors)));
  on((message) => {
    if (message?.show) view.show(message.show.document, message.show.more);
    if (message?.configure) view.configure(message.configure);
  });
  tell('started', {});
}
