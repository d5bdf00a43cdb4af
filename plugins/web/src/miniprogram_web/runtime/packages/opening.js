/** Which version is handed out: delivery's word, what the network allows, and what started on this host before. As `miniprogram.client` does it. */

import { Problem } from '../client/problem.js';
import { INDEX, packagePath } from './addresses.js';
import { loadBytes } from './bytes.js';
import { Launch, tidy } from './launch.js';
import { withAbandoned, withFailed } from './launch_state.js';
import { MOST_INDEX_BYTES, parsed, readIndex } from './package_index.js';
import { Updater } from './updating.js';

/** @typedef {import('./held_versions.js').WholeVersion} WholeVersion @typedef {import('./launch_state.js').LaunchState} LaunchState @typedef {import('./launch_state.js').HeldVersion} HeldVersion */
/** @typedef {import('./launch.js').Circumstances} Circumstances @typedef {import('../client/client.js').Manifest} Manifest */

/**
 * What delivery offers this host.
 * @typedef {object} Offered
 * @property {Record<string, any>} members  of the manifest as it was sent
 * @property {Manifest} manifest
 * @property {any} metadata
 * @property {import('./bytes.js').Bytes | null} signedIndex  where a root is pinned
 *
 * @typedef {object} OpeningOptions
 * @property {string} appId
 * @property {string} program  what tells it from others in this browser
 * @property {import('../client/http.js').Endpoint} endpoint
 * @property {string} network  what the host is connected by: `wifi`, or another word
 * @property {import('./store.js').Store} store
 * @property {import('./held_versions.js').HeldVersions} versions
 * @property {import('./tabs.js').Tabs} tabs
 * @property {(more: Record<string, string | undefined>) => Promise<Offered>} ask  delivery, with more of what the host says about itself
 * @property {(code: string, message: string) => void} warn
 * @property {() => boolean} [dictionaries]
 * @property {() => number} [now]
 */

export const ROLL_BACK_TO_EMBEDDED = 'roll_back_to_embedded';
const UPDATE_WAIT_MS = 60_000;

export class Opening {
  /** @param {OpeningOptions} options */
  constructor(options) {
    this.options = options;
    this.trial = `mini-program-trial ${options.program}`;
    this.update = `mini-program-update ${options.program}`;
  }

  /** @returns {Promise<Launch>} */
  async launch() {
    const { ask, network, store, now = Date.now } = this.options;
    const state = await this.#settled();
    let offered;
    try {
      offered = await ask({ network, currentVersion: state.current?.version });
    } catch (error) {
      if (error instanceof Problem && error.isOffline) return this.#offline(state, error);
      if (error instanceof Problem && error.code === ROLL_BACK_TO_EMBEDDED) return this.#rolledBack(state, error);
      throw error;
    }
    await this.#remembered(() => store.change((before) => ({ ...before, resolvedAt: now() })));
    return this.#updated(state, offered);
  }

  /** @param {LaunchState} state @param {Offered} offered */
  async #updated(state, offered) {
    const { mode = 'silent', network: over = 'any' } = offered.metadata?.upgrade ?? {};
    const { version } = offered.manifest;
    const signed = offered.signedIndex && await readIndex(offered.signedIndex, this.options.appId, version);
    const same = await this.#offeredAlready(state, offered);
    if (same && (!signed || signed.digest === same.held.digest)) return this.#handedOut(same, { source: 'delivered', deliveryMetadata: offered.metadata });
    const standIn = await this.#standIn(state);
    if (over === 'wifi' && this.options.network !== 'wifi' && mode !== 'forced' && standIn) return this.#standingIn(standIn, offered, `${version} is to be loaded over Wi-Fi only`);
    let found;
    try {
      found = await this.options.tabs.alone(this.update, () => this.#fetched(offered, signed), UPDATE_WAIT_MS);
    } catch (error) {
      const { code, details, message } = /** @type {any} */ (error);
      if (!standIn || mode === 'forced' || code === 'signature_invalid' || details?.noPackage) throw error;
      return this.#standingIn(standIn, offered, String(message));
    }
    if (found) return this.#handedOut(found.whole, { source: 'delivered', update: found.way, deliveryMetadata: offered.metadata }, found.isKept);
    const reason = `${version} did not start on this host`;
    if (!standIn) throw new Problem('nothing_to_launch', `${this.options.appId}: ${reason}, and there is no other version.`);
    return this.#standingIn(standIn, offered, reason);
  }

  /** The version, here and current; null for one that did not start here. @param {Offered} offered @param {import('./package_index.js').PackageIndex | null} signed */
  async #fetched(offered, signed) {
    const { appId, endpoint, store, versions, dictionaries } = this.options;
    const { version } = offered.manifest;
    const index = signed ?? await readIndex(await this.#index(version), appId, version);
    const state = await store.state();
    if (state.failed.includes(index.digest)) return null;
    const held = [state.current, state.good].filter((each) => each !== null);
    const known = await versions.kept(index.files);
    const embedded = held.length ? null : await versions.embedded();
    for (const file of embedded?.held.files ?? []) known.set(file.sha256, /** @type {import('./bytes.js').Bytes} */ (embedded?.bodies.get(file.sha256)));
    const archives = held.flatMap((each) => each.archive ?? []);
    const { way, bodies, archive } = await new Updater({ appId, endpoint, dictionaries }).fetch(index, known, archives);
    const before = held.find((each) => each.digest === index.digest);
    /** @type {HeldVersion} */
    const now = { version, digest: index.digest, archive: archive ?? before?.archive ?? null, files: index.files.map(({ path, size, sha256 }) => ({ path, size, sha256 })) };
    return { whole: { held: now, bodies }, way, isKept: await this.#keep(now, bodies) };
  }

  /** @param {string} version */
  async #index(version) {
    const { appId, endpoint } = this.options;
    try {
      return await loadBytes(endpoint, packagePath(appId, version, INDEX), MOST_INDEX_BYTES);
    } catch (error) {
      if (error instanceof Problem && error.details.notThere) throw withoutPackage(appId, version);
      throw error;
    }
  }

  /** All of the version and the word that it is current, at once. Without room for it, it is run and not kept. @param {HeldVersion} held @param {Map<string, import('./bytes.js').Bytes>} bodies */
  async #keep(held, bodies) {
    const { store, warn } = this.options;
    const put = () => store.change((state) => ({ ...state, current: held }), new Map(held.files.map((file) => [file.sha256, /** @type {import('./bytes.js').Bytes} */ (bodies.get(file.sha256))])));
    try {
      await put().catch(async () => {
        await tidy(store);
        await put();
      });
      return true;
    } catch (error) {
      const { name } = /** @type {any} */ (error);
      warn('not_kept', name === 'QuotaExceededError' ? `The browser has no room for ${held.version}: it runs, and is loaded again the next time.` : `The browser does not keep ${held.version}: ${String(error)}`);
      return false;
    }
  }

  /** The current version, when it is the one that is offered, with the same manifest. @param {LaunchState} state @param {Offered} offered */
  async #offeredAlready(state, offered) {
    if (state.current?.version !== offered.manifest.version) return null;
    const whole = await this.options.versions.whole(state.current);
    const file = whole?.held.files.find((each) => each.path === 'manifest.json');
    const own = file && whole && parsed(/** @type {import('./bytes.js').Bytes} */ (whole.bodies.get(file.sha256)), 'manifest.json');
    return own && (offered.signedIndex || sorted(own) === sorted(offered.members)) ? whole : null;
  }

  /** What is kept, for as long as its manifest allows; else what is embedded. @param {LaunchState} state @param {Problem} problem */
  async #offline(state, problem) {
    const whole = await this.options.versions.whole(state.current);
    if (whole && this.#mayStandIn(whole, state)) return this.#handedOut(whole, { source: 'cached', reason: problem.message });
    const embedded = await this.options.versions.usableEmbedded(state.failed);
    if (!embedded) throw problem;
    return this.#handedOut(embedded, { source: 'embedded', reason: problem.message });
  }

  /** What is embedded, as delivery directs; also the next time, should there be no network then. @param {LaunchState} state @param {Problem} problem */
  async #rolledBack(state, problem) {
    const embedded = await this.options.versions.usableEmbedded(state.failed);
    if (!embedded) throw problem;
    await this.#remembered(() => this.options.store.change((before) => ({ ...before, current: null })));
    return this.#handedOut(embedded, { source: 'embedded', reason: problem.message });
  }

  /** @param {WholeVersion} whole @param {LaunchState} state */
  #mayStandIn(whole, { resolvedAt }) {
    const launch = new Launch(whole, { source: 'cached' }, this.options.store, null);
    const rule = launch.manifest().cachePolicy?.manifest ?? {};
    const { mode = 'staleWhileError', maxStaleSeconds } = typeof rule === 'string' ? { mode: rule, maxStaleSeconds: null } : rule;
    const age = ((this.options.now ?? Date.now)() - (resolvedAt ?? Infinity)) / 1000;
    return (mode ?? 'staleWhileError') === 'staleWhileError' && age >= 0 && age <= (maxStaleSeconds ?? 3600);
  }

  /** What can be run instead of the version that is offered. @param {LaunchState} state */
  async #standIn(state) {
    for (const each of [state.current, state.good]) {
      const whole = each && !state.failed.includes(each.digest) ? await this.options.versions.whole(each) : null;
      if (whole) return whole;
    }
    return this.options.versions.usableEmbedded(state.failed);
  }

  /** @param {WholeVersion} whole @param {Offered} offered @param {string} reason */
  async #standingIn(whole, offered, reason) {
    const isEmbedded = (await this.options.versions.embedded())?.held.digest === whole.held.digest;
    return this.#handedOut(whole, { source: isEmbedded ? 'embedded' : 'cached', reason, deliveryMetadata: offered.metadata });
  }

  /** The state after a version whose page ended without a word was given up. */
  async #settled() {
    const { store, tabs } = this.options;
    const state = await store.state();
    if (!state.trying) return state;
    const letGo = await tabs.hold(this.trial);
    if (!letGo) return state; // another tab tries it now
    const { trying } = state;
    const change = tabs.left(this.trial) === trying.digest ? withAbandoned : withFailed;
    try {
      return await store.change((now) => (now.trying?.digest === trying.digest ? change(now, trying) : now));
    } finally {
      letGo();
    }
  }

  /** The launch of a version, which is being tried unless it started before. @param {WholeVersion} whole @param {Circumstances} circumstances @param {boolean} [isKept] */
  async #handedOut(whole, circumstances, isKept = true) {
    const { store, tabs, versions } = this.options;
    const { good } = await store.state();
    if (good?.digest === whole.held.digest) return new Launch(whole, circumstances, store, null);
    const letGo = await tabs.hold(this.trial);
    const works = letGo ? null : await versions.whole(good);
    if (works) return new Launch(works, { ...circumstances, source: 'cached', update: undefined, reason: 'another tab is starting a version for the first time' }, store, null);
    if (!letGo) return new Launch(whole, circumstances, store, null);
    await this.#remembered(() => store.change((state) => ({ ...state, trying: whole.held })));
    const forget = tabs.whileLooking(this.trial, whole.held.digest);
    const end = () => {
      forget();
      letGo();
    };
    return new Launch(whole, circumstances, store, end, isKept);
  }

  /** What a browser without room does not remember does not stop what runs. @param {() => Promise<unknown>} work */
  async #remembered(work) {
    try {
      await work();
    } catch (error) {
      this.options.warn('not_kept', `The browser does not remember how far this is: ${String(error)}`);
    }
  }
}

/** There is nothing to keep: what the version has is loaded one by one. @param {string} appId @param {string} version */
export const withoutPackage = (appId, version) => new Problem('not_kept', `${appId} ${version} was published without a package.`, { noPackage: true });

/** JSON by which two documents are compared: members in one order. @param {any} value @returns {string} */
function sorted(value) {
  return JSON.stringify(value, (_key, node) => (node && typeof node === 'object' && !Array.isArray(node) ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))) : node));
}
