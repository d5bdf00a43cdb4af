/** The few words that the runtime says by itself. */

/** @typedef {Record<'back' | 'menu' | 'close' | 'delete' | 'loading' | 'refreshing' | 'blocked', string>} Words */

/** @type {Words} */
export const ENGLISH = Object.freeze({
  back: 'Back', menu: 'Open navigation menu', close: 'Close', delete: 'Delete', loading: 'Loading', refreshing: 'Refreshing', blocked: 'This page cannot be shown here.',
});
