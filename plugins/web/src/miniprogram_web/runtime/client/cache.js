/** Copies of manifests and screens for when there is no connection: in memory, or in the browser's database. */

/**
 * @typedef {object} Cache
 * @property {(key: string) => Promise<{value: any, storedAt: number} | null>} get
 * @property {(key: string, value: any) => Promise<void>} set
 * @property {(key: string) => Promise<void>} remove
 */

/** @returns {Cache} */
export function memoryCache() {
  /** @type {Map<string, {value: any, storedAt: number}>} */
  const kept = new Map();
  return {
    get: async (key) => kept.get(key) ?? null,
    set: async (key, value) => { kept.set(key, { value, storedAt: Date.now() }); },
    remove: async (key) => { kept.delete(key); },
  };
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const STORE = 'documents';

/** One database for all programs of a page's origin; memory where the browser keeps nothing. @param {string} [name] @returns {Cache} */
export function browserCache(name = 'mini-programs') {
  const memory = memoryCache();
  /** @type {Promise<IDBDatabase> | null} */
  let opened = null;
  const store = async (/** @type {IDBTransactionMode} */ mode) => {
    opened ??= (() => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      return done(request);
    })();
    return (await opened).transaction(STORE, mode).objectStore(STORE);
  };
  const either = async (/** @type {() => Promise<any>} */ work, /** @type {() => Promise<any>} */ instead) => {
    try {
      return await work();
    } catch {
      return instead();
    }
  };
  const isCopy = (/** @type {any} */ copy) => (copy && typeof copy.storedAt === 'number' && copy.value && typeof copy.value === 'object' ? copy : null);
  return {
    get: (key) => either(async () => isCopy(await done((await store('readonly')).get(key))), () => memory.get(key)),
    set: (key, value) => either(async () => { await done((await store('readwrite')).put({ value, storedAt: Date.now() }, key)); }, () => memory.set(key, value)),
    remove: (key) => either(async () => { await done((await store('readwrite')).delete(key)); }, () => memory.remove(key)),
  };
}
