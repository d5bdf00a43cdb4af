/** What a browser remembers of trust metadata: in one transaction a refresh, never going back unless the root moved on. */

/** @typedef {{bytes: Uint8Array<ArrayBuffer>, version: number, root: number}} Entry  `root`: the number of the root in force when it was verified */

const STORE = 'metadata';

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Whether `next` may take the place of `old`: another tab may have seen more. @param {Entry} next @param {Entry | undefined} old */
const isNewer = (next, old) => !old || next.root > old.root || (next.root === old.root && next.version >= old.version);

/** The metadata of one repository under one pinned root. Without a database it is remembered until the page goes. */
export class HeldMetadata {
  /** @type {Map<string, Entry>} */
  #entries = new Map();

  /** @type {Map<string, Entry>} */
  #fresh = new Map();

  #root = 0;

  /** @param {string} repository  what tells it from others */
  constructor(repository) {
    this.repository = repository;
  }

  /** Read what is remembered. */
  async open() {
    try {
      const store = (await this.#database()).transaction(STORE).objectStore(STORE);
      const found = await done(store.get(this.repository));
      if (found instanceof Map) this.#entries = found;
    } catch { /* a browser that keeps nothing: what this page saw still counts */ }
    this.#root = this.#entries.get('root')?.version ?? 0;
  }

  /** @param {string} name */
  get(name) {
    return this.#entries.get(name)?.bytes ?? null;
  }

  /** @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @param {number} version */
  put(name, bytes, version) {
    if (name === 'root') this.#root = version;
    const entry = { bytes, version, root: this.#root };
    this.#entries.set(name, entry);
    this.#fresh.set(name, entry);
  }

  /** Remember what was put. */
  async commit() {
    if (!this.#fresh.size) return;
    try {
      const store = (await this.#database()).transaction(STORE, 'readwrite').objectStore(STORE);
      const found = await done(store.get(this.repository));
      const all = found instanceof Map ? found : new Map();
      for (const [name, entry] of this.#fresh) if (isNewer(entry, all.get(name))) all.set(name, entry);
      await done(store.put(all, this.repository));
      this.#fresh.clear();
    } catch { /* as above */ }
  }

  /** @returns {Promise<IDBDatabase>} */
  async #database() {
    const request = indexedDB.open('mini-program-trust', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    return done(request);
  }
}
