/** The preview on another device: its address, and the same for a camera. */

import { h } from './dom.js';

/** @param {{url: string, qr: string} | undefined} lan */
export function openOnPhone(lan) {
  if (!lan) return;
  const dialog = h('dialog', { class: 'phone', 'aria-label': 'Open on a phone', onClose: () => dialog.remove(), onClick: (/** @type {Event} */ { target }) => { if (target === dialog) dialog.close(); } },
    h('img', { src: lan.qr, alt: `QR code of ${lan.url}` }),
    h('p', {}, 'Whoever has this address can see the mini-program while the preview runs.'),
    h('p', {}, h('code', {}, lan.url)),
    h('button', { type: 'button', class: 'mode', onClick: () => dialog.close() }, 'Close'));
  document.body.append(dialog);
  dialog.showModal();
}
