// Written by `miniprogram embed init`, which makes it again. Opens a mini-program above the page.

import './setup.js';
import { MiniPrograms } from './registry.js';

export { MiniPrograms };

const STYLE = `
  .mini-program-dialog { width: min(430px, 100vw); height: min(860px, 100dvh); max-width: none; max-height: none; margin: auto; padding: 0;
    border: 0; border-radius: 16px; overflow: hidden; box-shadow: 0 16px 48px rgb(0 0 0 / .32); }
  .mini-program-dialog[open] { display: flex; flex-direction: column; }
  .mini-program-dialog::backdrop { background: rgb(0 0 0 / .5); }
  .mini-program-dialog header { display: flex; align-items: center; flex: none; height: 44px; padding: 0 6px 0 16px;
    font: 500 14px/20px system-ui, sans-serif; background: Canvas; color: CanvasText; border-bottom: 1px solid rgb(127 127 127 / .25); }
  .mini-program-dialog header span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .mini-program-dialog header button { width: 36px; height: 36px; border: 0; border-radius: 18px; background: none; color: inherit;
    font: 20px/1 system-ui, sans-serif; cursor: pointer; }
  .mini-program-dialog header button:hover { background: rgb(127 127 127 / .16); }
  .mini-program-dialog mini-program { flex: 1; min-height: 0; }
  @media (max-width: 480px) { .mini-program-dialog { border-radius: 0; } }
`;

/**
 * Open a mini-program in a dialog above the page. Resolves when it is closed: by its own back button, by the dialog's, or by Escape.
 * @param {string} appId  `MiniPrograms.….appId`, or any other
 * @param {{ title?: string, closeLabel?: string, attributes?: Record<string, string> }} [options]
 *   `attributes` of the `<mini-program>` element, such as `{ isolation: 'frame' }`
 * @returns {Promise<void>}
 */
export function openMiniProgram(appId, { title, closeLabel = 'Close', attributes = {} } = {}) {
  if (!document.getElementById('mini-program-dialog-style')) {
    document.head.append(Object.assign(document.createElement('style'), { id: 'mini-program-dialog-style', textContent: STYLE }));
  }
  const known = Object.values(MiniPrograms).find((each) => each.appId === appId);
  const name = title ?? known?.title ?? appId;
  const dialog = Object.assign(document.createElement('dialog'), { className: 'mini-program-dialog', ariaLabel: name });
  const header = document.createElement('header');
  const close = Object.assign(document.createElement('button'), { type: 'button', textContent: '×', ariaLabel: closeLabel });
  header.append(Object.assign(document.createElement('span'), { textContent: name }), close);
  const program = document.createElement('mini-program');
  for (const [attribute, value] of Object.entries({ ...attributes, 'app-id': appId })) program.setAttribute(attribute, value);
  dialog.append(header, program);
  const closed = new Promise((resolve) => dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(undefined);
  }));
  close.addEventListener('click', () => dialog.close());
  program.addEventListener('mini-program-close', () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return closed;
}
