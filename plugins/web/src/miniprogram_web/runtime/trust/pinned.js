/** A mini-program whose host pins a root: what it loads is what was signed, or is refused. Loaded only by pages that pin one. */

import { sha256 } from '../client/digest.js';
import { Problem } from '../client/problem.js';
import { INDEX, packagePath } from '../packages/addresses.js';
import { pictureAddress, withTexts } from '../packages/pictures.js';
import { bounded } from './bounded.js';
import { HeldMetadata } from './held.js';
import { refuse, requireBytes, Untrusted } from './metadata.js';
import { TufClient } from './tuf_client.js';

/** @typedef {import('../client/http.js').Endpoint} Endpoint */
/** @typedef {{version: string, files: Record<string, {sha256: string, size: number}>, packageIndex?: {sha256: string, size: number}}} SignedList */

const MOST_LIST_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 5000;
const decoder = new TextDecoder('utf-8', { fatal: true });

export class Pinned {
  /** @type {SignedList | null} */
  #list = null;

  /** @param {string} appId @param {Endpoint} endpoint @param {Uint8Array<ArrayBuffer>} root */
  constructor(appId, endpoint, root) {
    this.appId = appId;
    this.endpoint = endpoint;
    this.base = new URL(endpoint.baseUrl.endsWith('/') ? endpoint.baseUrl : `${endpoint.baseUrl}/`, globalThis.location?.href).href;
    this.root = root;
  }

  /** The version that was opened; blank before. */
  get version() {
    return this.#list?.version ?? '';
  }

  /** Learn what is signed now, and the files of a version. @param {string} version */
  async open(version) {
    return this.#told(async () => {
      const held = new HeldMetadata(`${this.base} ${await sha256(this.root)}`);
      await held.open();
      const client = new TufClient({ held, pinned: this.root, fetch: (name, most) => this.#fetch(`trust/${name}`, most) });
      try {
        await client.refresh();
        this.#list = await this.#signedList(client, version);
      } finally {
        await held.commit();
      }
    });
  }

  /** @returns {Promise<Record<string, any>>} */
  async manifest() {
    return this.#told(() => this.#document('manifest.json', `manifests/${this.appId}/versions/${this.version}.json`));
  }

  /** Stac JSON among the assets. @param {string} path @returns {Promise<Record<string, any>>} */
  async asset(path) {
    const name = path.replace(/^assets\//, '');
    return this.#told(() => this.#document(`assets/${name}`, this.#assetAddress(name)));
  }

  /** @param {string} name */
  #assetAddress(name) {
    return `assets/${this.appId}/${this.version}/${name.split('/').map(encodeURIComponent).join('/')}`;
  }

  /** A screen with its own pictures in it. @param {string} screenId @returns {Promise<Record<string, any>>} */
  async screen(screenId) {
    return this.#told(async () => withTexts(await this.#document(`screens/${screenId}.json`, `screens/${this.appId}/${this.version}/${screenId}.json`), (text) => this.#picture(text)));
  }

  /** The index of the version's package, as it was signed: what it names by digest is signed with it. Null where the version was signed without one. */
  async packageIndex() {
    const listed = this.#list?.packageIndex;
    return listed ? this.#told(() => this.#verified(`the index of the package of ${this.appId} ${this.version}`, listed, packagePath(this.appId, this.version, INDEX))) : null;
  }

  /** @param {TufClient} client @param {string} version @returns {Promise<SignedList>} */
  async #signedList(client, version) {
    const name = `${this.appId} ${version}`;
    const target = await client.target(`${this.appId}/${version}.json`) ?? refuse(`${name} is not signed by anybody who may sign it`);
    const { length, hashes } = target;
    if (!(length <= MOST_LIST_BYTES) || typeof hashes?.sha256 !== 'string') refuse(`what is signed of ${name} is no list`);
    const bytes = await this.#fetch(`trust/targets/${this.appId}/${hashes.sha256}.${version}.json`, length) ?? refuse(`the list of ${name} is not there`);
    await requireBytes(bytes, target, `the list of ${name}`);
    const list = JSON.parse(decoder.decode(bytes));
    if (list.schemaVersion !== 1 || list.miniProgramId !== this.appId || list.version !== version) refuse(`the list of ${name} is about something else`);
    return list;
  }

  /** @param {string} path @param {string} address  below the endpoint */
  async #bytes(path, address) {
    const files = this.#list?.files ?? {};
    const file = Object.hasOwn(files, path) ? files[path] : refuse(`${path} is not signed`);
    return this.#verified(path, file, address);
  }

  /** @param {string} what @param {{sha256: string, size: number}} listed @param {string} address */
  async #verified(what, { sha256: digest, size }, address) {
    const bytes = await this.#fetch(address, size) ?? refuse(`${what} is signed and not there`);
    await requireBytes(bytes, { length: size, hashes: { sha256: digest } }, what);
    return bytes;
  }

  /** @param {string} path @param {string} address @returns {Promise<Record<string, any>>} */
  async #document(path, address) {
    return JSON.parse(decoder.decode(await this.#bytes(path, address)));
  }

  /** An address of the version's own asset becomes its bytes, verified; what cannot be is not shown. @param {string} text @returns {Promise<string>} */
  async #picture(text) {
    const start = `/assets/${this.appId}/${this.version}/`;
    const at = /^https?:/.test(text) ? text.indexOf(start) : -1;
    if (at < 0 && !text.startsWith('assets/')) return text;
    const name = at < 0 ? text.slice('assets/'.length) : decodeURIComponent(text.slice(at + start.length));
    if (!Object.hasOwn(this.#list?.files ?? {}, `assets/${name}`)) return '';
    return pictureAddress(name, () => this.#bytes(`assets/${name}`, this.#assetAddress(name)));
  }

  /** @param {string} address @param {number} most @returns {Promise<Uint8Array<ArrayBuffer> | null>} */
  async #fetch(address, most) {
    const { accessKey, headers, timeoutMs = TIMEOUT_MS } = this.endpoint;
    const key = accessKey?.trim();
    try {
      const response = await (this.endpoint.fetch ?? globalThis.fetch)(`${this.base}${address}`, {
        headers: { ...headers, ...(key ? { 'x-mini-program-access-key': key } : {}) }, signal: AbortSignal.timeout(timeoutMs), credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-cache',
      });
      if (response.status === 404 || response.status === 403) return null;
      if (response.status !== 200 || !response.body) throw new Error(`status ${response.status}`);
      return await bounded(response.body, most, address);
    } catch (error) {
      if (error instanceof Untrusted) throw error;
      throw new Problem('backend_unreachable', `${new URL(this.base).host} cannot be reached.`, { transportError: String(error) });
    }
  }

  /** What went wrong, as a problem: without a connection a copy may stand in, but never for what is not signed. @template T @param {() => Promise<T>} work */
  async #told(work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem) throw error;
      const reason = error instanceof Untrusted ? error.message : 'it is not what signed documents look like';
      throw new Problem('signature_invalid', `This mini-program is not as its publisher signed it: ${reason}.`, { reason });
    }
  }
}

/** What is signed of a version, by whoever the pinned root says. @param {string} appId @param {Endpoint} endpoint @param {string} root @param {string} version */
export async function openPinned(appId, endpoint, root, version) {
  const pinned = new Pinned(appId, endpoint, await pinnedRoot(root));
  await pinned.open(version);
  return pinned;
}

/** The root that a page pins: as JSON, or at an address of the page's own origin. @param {string} given @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function pinnedRoot(given) {
  if (given.trim().startsWith('{')) return new TextEncoder().encode(given);
  const url = new URL(given, document.baseURI);
  if (url.origin !== location.origin) throw new Problem('signature_invalid', 'The pinned root has to lie at the address of the page itself, since whoever serves it is trusted.');
  const response = await fetch(url);
  if (!response.ok) throw new Problem('signature_invalid', `The pinned root cannot be loaded: status ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
