/** The workflow of a client of The Update Framework: follow the root, then time stamp, snapshot, and who speaks for a path. */

import { parse, refuse, requireBytes, requireFresh, requireSigned } from './metadata.js';

/** @typedef {import('./metadata.js').Metadata} Metadata @typedef {import('./metadata.js').Signed} Signed @typedef {import('./metadata.js').Role} Role @typedef {import('./metadata.js').Key} Key @typedef {import('./metadata.js').Listed} Listed @typedef {import('./metadata.js').Target} Target */

/**
 * @typedef {object} Held  what is known for good, by name: `root`, `timestamp`, `snapshot`, and roles
 * @property {(name: string) => Uint8Array<ArrayBuffer> | null} get
 * @property {(name: string, bytes: Uint8Array<ArrayBuffer>, version: number) => void} put
 *
 * @typedef {(name: string, most: number) => Promise<Uint8Array<ArrayBuffer> | null>} Fetch  at most so many bytes; null for nothing there
 */

/** Bytes that are read of a file of which nothing is known yet. */
const MOST = Object.freeze({ root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 });
const MOST_ROOTS = 256;

export class TufClient {
  /** @type {Signed | null} */
  #root = null;

  /** @type {Signed | null} */
  #snapshot = null;

  /** @type {Metadata | null} */
  #targets = null;

  /** @param {object} given @param {Held} given.held @param {Fetch} given.fetch @param {Uint8Array<ArrayBuffer>} given.pinned @param {() => number} [given.now] */
  constructor({ held, fetch, pinned, now = Date.now }) {
    this.held = held;
    this.fetch = fetch;
    this.pinned = pinned;
    this.now = now;
  }

  /** Learn what is signed now; the number of the root in force. What was known stays known when this fails. */
  async refresh() {
    this.#root = await this.#newestRoot();
    const timestamp = await this.#newestTimestamp(this.#root);
    this.#snapshot = await this.#newestSnapshot(this.#root, timestamp.meta['snapshot.json']);
    this.#targets = await this.#role('targets', this.#root.keys, this.#root.roles.targets);
    return this.#root.version;
  }

  /** What is signed of a path; null when nobody who may speaks of it. @param {string} path @returns {Promise<Target | null>} */
  async target(path) {
    const { targets, delegations } = this.#targets?.signed ?? refuse('nothing is known yet');
    if (Object.hasOwn(targets, path)) return targets[path];
    for (const role of delegations?.roles ?? []) {
      if (!(role.paths ?? []).some((/** @type {string} */ pattern) => matches(pattern, path))) continue;
      if (!this.#snapshot?.meta[`${role.name}.json`]) return null;
      const { signed } = await this.#role(role.name, delegations.keys, role);
      if (Object.hasOwn(signed.targets, path)) return signed.targets[path];
      if (role.terminating) return null;
    }
    return null;
  }

  /** @returns {Promise<Signed>} */
  async #newestRoot() {
    let root = parse(this.held.get('root') ?? this.pinned, 'root');
    await requireSigned(root, root.signed.keys, root.signed.roles.root, 'the pinned root');
    for (let followed = 0; ; followed += 1) {
      const number = root.signed.version + 1;
      const bytes = await this.fetch(`${number}.root.json`, MOST.root);
      if (!bytes) break;
      if (followed >= MOST_ROOTS) refuse(`there are more than ${MOST_ROOTS} new roots`);
      const next = parse(bytes, 'root');
      if (next.signed.version !== number) refuse(`root ${number} says that it is ${next.signed.version}`);
      for (const { keys, roles } of [root.signed, next.signed]) await requireSigned(next, keys, roles.root, `root ${number}`); // by who was trusted, and by itself
      root = next;
      this.held.put('root', bytes, number);
    }
    requireFresh(root.signed, this.now()); // the last one only: who slept must be able to follow
    if (!root.signed.consistent_snapshot) refuse('the root wants files without numbers, which are not taken');
    return root.signed;
  }

  /** @param {Signed} root @returns {Promise<Signed>} */
  async #newestTimestamp(root) {
    const bytes = await this.fetch('timestamp.json', MOST.timestamp) ?? refuse('there is no time stamp: nothing here is signed');
    const { signed } = await requireSigned(parse(bytes, 'timestamp'), root.keys, root.roles.timestamp, 'the time stamp');
    const known = await this.#known('timestamp', root);
    if (known && (signed.version < known.version || listed(signed, 'snapshot').version < listed(known, 'snapshot').version)) refuse('the time stamp is older than one that was seen');
    const newest = known?.version === signed.version ? known : signed; // one number, one time stamp: what was seen first stays
    requireFresh(newest, this.now());
    if (newest === signed) this.held.put('timestamp', bytes, signed.version);
    return newest;
  }

  /** @param {Signed} root @param {Listed} file @returns {Promise<Signed>} */
  async #newestSnapshot(root, file) {
    const known = await this.#known('snapshot', root);
    const { signed } = await this.#file('snapshot', 'snapshot', file, root.keys, root.roles.snapshot, ({ meta }) => {
      for (const name of Object.keys(known?.meta ?? {})) {
        if (!(meta[name]?.version >= known?.meta[name].version)) refuse(`${name} is older than one that was seen`);
      }
    });
    return signed;
  }

  /** @param {string} name @param {Record<string, Key>} keys @param {Role} role @returns {Promise<Metadata>} */
  #role(name, keys, role) {
    return this.#file(name, 'targets', listed(this.#snapshot ?? refuse('nothing is known yet'), name), keys, role);
  }

  /** A numbered file: what is held, if it is the one, else from the network. Remembered only once `check` took it, or what was refused would be what was seen. @param {string} name @param {'snapshot' | 'targets'} type @param {Listed} file @param {Record<string, Key>} keys @param {Role} role @param {(signed: Signed) => void} [check] @returns {Promise<Metadata>} */
  async #file(name, type, file, keys, role, check = () => {}) {
    const held = this.held.get(name);
    const bytes = held && await requireBytes(held, file, name).then(() => held, () => null)
      ? held : await this.fetch(`${file.version}.${encodeURIComponent(name)}.json`, file.length ?? MOST[type]) ?? refuse(`${name} is not there`);
    await requireBytes(bytes, file, name);
    const metadata = await requireSigned(parse(bytes, type), keys, role, name);
    if (metadata.signed.version !== file.version) refuse(`${name} is not the version that was named`);
    check(metadata.signed);
    requireFresh(metadata.signed, this.now());
    this.held.put(name, bytes, metadata.signed.version);
    return metadata;
  }

  /** What is held of a role counts while today's keys vouch for it: so a thief who counted far ahead is got rid of. @param {'timestamp' | 'snapshot'} name @param {Signed} root @returns {Promise<Signed | null>} */
  async #known(name, root) {
    try {
      return (await requireSigned(parse(this.held.get(name) ?? new Uint8Array(), name), root.keys, root.roles[name], name)).signed;
    } catch {
      return null;
    }
  }
}

/** @param {Signed} signed @param {string} name @returns {Listed} */
function listed(signed, name) {
  const file = signed.meta?.[`${name}.json`];
  return Number.isSafeInteger(file?.version) && file.version > 0 ? file : refuse(`${name} is named nowhere`);
}

/** Whether a pattern names a path; `*` and `?` stay within a part. @param {string} pattern @param {string} path */
function matches(pattern, path) {
  const [wanted, parts] = [pattern.split('/'), path.split('/')];
  const expression = (/** @type {string} */ part) => new RegExp(`^${part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's');
  return wanted.length === parts.length && wanted.every((part, at) => expression(part).test(parts[at]));
}
