/** One tab at a time: who loads a version, and who tries one. A lock ends with the page that holds it, however that ends. */

/**
 * @typedef {object} Tabs
 * @property {<T>(name: string, work: () => Promise<T>, waitMs: number) => Promise<T>} alone  wait for others; rejects when they take longer
 * @property {(name: string) => Promise<(() => void) | null>} hold  at once, until it is let go; null when another page holds it
 * @property {(name: string, digest: string) => () => void} whileLooking  have `left` know it when the page is left in an orderly way; until what is returned is called
 * @property {(name: string) => string | null} left  what was on trial when a page was left in an orderly way
 */

/** @returns {Tabs} */
export function browserTabs() {
  const { locks } = navigator;
  return {
    async alone(name, work, waitMs) {
      const signal = AbortSignal.timeout(waitMs);
      return locks.request(name, { signal }, work);
    },

    hold: (name) => new Promise((resolve, reject) => {
      locks.request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise((release) => { resolve(() => release(undefined)); });
      }).catch(reject);
    }),

    whileLooking(name, digest) {
      // what is written when a page goes has to be there at once: no database is
      const note = () => stored((storage) => storage.setItem(name, digest));
      stored((storage) => storage.removeItem(name));
      addEventListener('pagehide', note);
      return () => {
        removeEventListener('pagehide', note);
        stored((storage) => storage.removeItem(name));
      };
    },

    left: (name) => stored((storage) => storage.getItem(name)),
  };
}

/** @template T @param {(storage: Storage) => T} use @returns {T | null} */
function stored(use) {
  try {
    return use(localStorage);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** For tests, and for one page alone. @returns {Tabs & {leave: () => void, die: () => void}} */
export function singlePage() {
  /** @type {Set<string>} */
  const held = new Set();
  /** @type {Map<string, string>} */
  const looking = new Map();
  /** @type {Map<string, string>} */
  const leftWith = new Map();
  return {
    alone: (_name, work) => work(),
    async hold(name) {
      if (held.has(name)) return null;
      held.add(name);
      return () => { held.delete(name); };
    },
    whileLooking(name, digest) {
      looking.set(name, digest);
      leftWith.delete(name);
      return () => {
        looking.delete(name);
        leftWith.delete(name);
      };
    },
    left: (name) => leftWith.get(name) ?? null,
    leave() {
      for (const [name, digest] of looking) leftWith.set(name, digest);
      held.clear();
    },
    die: () => held.clear(),
  };
}
