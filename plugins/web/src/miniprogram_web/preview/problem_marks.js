/** Stripes where Flutter would draw them: at the edge over which something runs. */

import { h } from './dom.js';

const SIDES = /** @type {const} */ (['right', 'bottom', 'left', 'top']);
const THICK = 10;

/**
 * @param {HTMLElement} layer  over the screen @param {import('./problems.js').Problem[]} problems
 * @param {(path: string) => HTMLElement | null} find @param {{zoom: number, screen: DOMRect}} shown
 */
export function markProblems(layer, problems, find, { zoom, screen }) {
  layer.replaceChildren();
  for (const { code, path, message } of problems) {
    const element = code === 'overflow' ? find(path) : null;
    const side = SIDES.find((each) => message.includes(`on the ${each}`));
    if (!element || !side) continue;
    const box = element.getBoundingClientRect();
    const left = (Math.max(box.left, screen.left) - screen.left) / zoom;
    const top = (Math.max(box.top, screen.top) - screen.top) / zoom;
    const right = (Math.min(box.right, screen.right) - screen.left) / zoom;
    const bottom = (Math.min(box.bottom, screen.bottom) - screen.top) / zoom;
    if (right <= left || bottom <= top) continue;
    const upright = side === 'left' || side === 'right';
    layer.append(h('div', {
      class: 'stripes', style: {
        left: `${side === 'right' ? right - THICK : left}px`, top: `${side === 'bottom' ? bottom - THICK : top}px`,
        width: `${upright ? THICK : right - left}px`, height: `${upright ? Math.max(bottom - top, THICK) : THICK}px`,
      },
    }));
  }
}
