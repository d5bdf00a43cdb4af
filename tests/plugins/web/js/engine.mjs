/** Short ways to the engine for the tests beside this file. */
import { layout } from '../../../../plugins/web/src/miniprogram_web/runtime/layout/engine.js';

/** Every letter is ten pixels wide, every line twenty high: sums that can be done in the head. */
export const tenPixels = () => {
  const asked = [];
  return {
    asked,
    prepare: (requests) => asked.push(...requests),
    naturalWidth: ({ text }) => text.length * 10,
    longestWord: ({ text }) => Math.max(...text.split(' ').map((word) => word.length)) * 10,
    wrap: ({ text }, maxWidth) => {
      const lines = Math.max(1, Math.ceil((text.length * 10) / maxWidth));
      return { width: Math.min(text.length * 10, maxWidth), height: lines * 20, baseline: 15, lines: [], cut: false };
    },
  };
};

export const lay = (tree, width = 400, height = 300, options = {}) =>
  layout(tree, { minWidth: 0, maxWidth: width, minHeight: 0, maxHeight: height }, { measurer: tenPixels(), ...options });

export const box = (width, height, more = {}) => ({ type: 'container', width, height, ...more });
export const row = (...children) => ({ type: 'row', children });
export const column = (...children) => ({ type: 'column', children });
