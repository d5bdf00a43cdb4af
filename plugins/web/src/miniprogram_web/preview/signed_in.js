/** Somebody who is signed in, for as long as a page lasts. */

const SESSION_MS = 8 * 3_600_000;

/** A session's store that lasts as long as the page. @returns {Storage} */
export function memoryStorage() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return { get length() { return kept.size; }, clear: () => kept.clear(), getItem: (key) => kept.get(key) ?? null, key: (at) => [...kept.keys()][at] ?? null, removeItem: (key) => { kept.delete(key); }, setItem: (key, value) => { kept.set(key, value); } };
}

/** Somebody is signed in from the next start on, or nobody is. @param {Storage} storage @param {boolean} on */
export function signIn(storage, on) {
  if (on) storage.setItem('preview', JSON.stringify({ user: { uid: 'preview-user', email: 'ann@example.com' }, idToken: 'preview', refreshToken: 'preview', expiresAtUtc: new Date(Date.now() + SESSION_MS).toISOString() }));
  else storage.removeItem('preview');
}
