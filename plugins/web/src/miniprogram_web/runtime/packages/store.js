/**
 * Where a browser keeps whole versions: one database, in which a version and the word that it is current come in one transaction.
 * Nobody ever sees half a version, whatever happens to the page.
 */

/** @typedef {import('./bytes.js').Bytes} Bytes @typedef {import('./launch_state.js').LaunchState} LaunchState @typedef {import('./launch_state.js').HeldVersion} HeldVersion */
import { NOTHING } from './launch_state.js';

/**
 * What is kept of one mini-program.
 * @typedef {object} Store
 * @property {() => Promise<LaunchState>} state
 * @property {(change: (state: LaunchState) => LaunchState, bodies?: Map<string, Bytes>) => Promise<LaunchState>} change  remember what `change` makes of the state, with bodies of files, all or nothing
 * @property {(wanted: string[]) => Promise<Map<string, Bytes>>} bodies  those that are there, by sha256, as they were kept
 * @property {(wanted: Set<string>) => Promise<void>} keepOnly  forget other bodies
 */

const [STATES, FILES] = ['states', 'files'];

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
const committed = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error ?? new Error('The browser keeps nothing.'));
});

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const request = indexedDB.open('mini-program-packages', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STATES);
    request.result.createObjectStore(FILES);
  };
  return done(request);
}

/** @param {string} program  what tells it from others: whence it is loaded, and its id @returns {Promise<Store>} rejects where the browser keeps nothing */
export async function browserStore(program) {
  const database = await opened();
  const key = (/** @type {string} */ digest) => [program, digest];
  const range = IDBKeyRange.bound([program], [program, []]);
  const read = (/** @type {string} */ name) => database.transaction(name).objectStore(name);
  const write = (/** @type {string[]} */ names) => database.transaction(names, 'readwrite', { durability: 'strict' });
  return {
    state: async () => ({ ...NOTHING, ...await done(read(STATES).get(program)) }),

    async change(change, bodies = new Map()) {
      const transaction = write([STATES, FILES]);
      const whole = committed(transaction);
      const [states, files] = [transaction.objectStore(STATES), transaction.objectStore(FILES)];
      /** @type {LaunchState} */
      let after = NOTHING;
      states.get(program).onsuccess = ({ target }) => {
        after = change({ ...NOTHING, .../** @type {IDBRequest} */ (target).result });
        states.put(after, program);
      };
      for (const [digest, body] of bodies) files.put(body, key(digest));
      await whole;
      return after;
    },

    async bodies(wanted) {
      const store = read(FILES);
      const found = await Promise.all(wanted.map((digest) => done(store.get(key(digest)))));
      return new Map(wanted.flatMap((digest, at) => (found[at] instanceof Uint8Array ? [[digest, /** @type {Bytes} */ (found[at])]] : [])));
    },

    async keepOnly(wanted) {
      const transaction = write([FILES]);
      const whole = committed(transaction);
      const files = transaction.objectStore(FILES);
      files.getAllKeys(range).onsuccess = ({ target }) => {
        for (const each of /** @type {IDBRequest<[string, string][]>} */ (target).result) if (!wanted.has(each[1])) files.delete(each);
      };
      await whole;
    },
  };
}

/** For as long as the page lives, and for tests. @returns {Store} */
export function memoryStore() {
  let state = NOTHING;
  /** @type {Map<string, Bytes>} */
  const kept = new Map();
  return {
    state: async () => state,
    async change(change, bodies = new Map()) {
      state = change(state);
      for (const [digest, body] of bodies) kept.set(digest, body);
      return state;
    },
    bodies: async (wanted) => new Map(wanted.flatMap((digest) => (kept.has(digest) ? [[digest, /** @type {Bytes} */ (kept.get(digest))]] : []))),
    async keepOnly(wanted) {
      for (const digest of kept.keys()) if (!wanted.has(digest)) kept.delete(digest);
    },
  };
}
