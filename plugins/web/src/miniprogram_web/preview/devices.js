/** Screens that people hold. Sizes in logical pixels; `safe` is what the system covers above and below. */

/**
 * @typedef {object} Device
 * @property {string} id
 * @property {string} name
 * @property {number} width
 * @property {number} height
 * @property {number} radius  of the screen's corners
 * @property {{top: number, bottom: number}} safe
 * @property {'island' | 'hole' | 'none'} camera
 * @property {number} [bezel]
 */

/** @type {readonly Device[]} */
export const DEVICES = Object.freeze([
  { id: 'pixel', name: 'Pixel 9', width: 412, height: 923, radius: 44, safe: { top: 36, bottom: 24 }, camera: 'hole' },
  { id: 'iphone', name: 'iPhone 16', width: 393, height: 852, radius: 55, safe: { top: 59, bottom: 34 }, camera: 'island' },
  { id: 'small', name: 'Small Android', width: 360, height: 640, radius: 12, safe: { top: 24, bottom: 0 }, camera: 'none' },
  { id: 'se', name: 'iPhone SE', width: 375, height: 667, radius: 6, safe: { top: 20, bottom: 0 }, camera: 'none', bezel: 14 },
  { id: 'max', name: 'iPhone 16 Pro Max', width: 440, height: 956, radius: 62, safe: { top: 62, bottom: 34 }, camera: 'island' },
  { id: 'fold', name: 'Foldable, open', width: 768, height: 860, radius: 28, safe: { top: 32, bottom: 24 }, camera: 'none' },
  { id: 'tablet', name: 'Android tablet', width: 800, height: 1280, radius: 22, safe: { top: 24, bottom: 24 }, camera: 'none', bezel: 18 },
  { id: 'ipad', name: 'iPad mini', width: 744, height: 1133, radius: 22, safe: { top: 24, bottom: 20 }, camera: 'none', bezel: 18 },
]);

export const FREE = 'free';
/** As large as the stage is: what a phone shows that opens the page itself. */
export const WINDOW = 'window';

/** @param {string} id @returns {Device | null}  null for a size of its own */
export const deviceOf = (id) => (id === FREE || id === WINDOW ? null : DEVICES.find((each) => each.id === id) ?? DEVICES[0]);
