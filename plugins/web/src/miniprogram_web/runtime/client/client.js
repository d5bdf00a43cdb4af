/**
 * The host client of the contract (delivery-http.md, section 10): manifest, checks, screens, copies for when there is no
 * connection. No DOM.
 */

import { getDocument } from './http.js';
import { Problem } from './problem.js';
import { parseConstraint, parseVersion } from './versions.js';

/** @typedef {import('./http.js').Endpoint} Endpoint @typedef {import('./cache.js').Cache} Cache */

/**
 * @typedef {object} DeliveryContext  what the host says about itself; blank values are not sent
 * @property {string} hostApp
 * @property {string} sdkVersion  the runtime compatibility version
 * @property {string} hostVersion
 * @property {string[]} capabilities
 * @property {Record<string, string | undefined>} [more]  platform, locale, tenantId, pinnedVersion, userId …
 *
 * @typedef {{mode: 'staleWhileError' | 'noCache', maxStaleSeconds: number}} CacheRule
 *
 * @typedef {object} Manifest
 * @property {string} id
 * @property {string} version
 * @property {string} entry
 * @property {string} sdkVersionRange
 * @property {string[]} requiredCapabilities
 * @property {string[]} featureFlags
 * @property {{manifest: CacheRule, entryScreen: CacheRule}} cachePolicy
 * @property {{strategy: string, route?: string, message?: string} | null} fallback
 * @property {Record<string, any>} [deliveryMetadata]
 * @property {any} [title]
 */

const CAPABILITIES = new Set(['auth', 'analytics', 'secure_api', 'native_navigation']);
const STANDARD_AGE = 3600;
/** A part of an address: one name, nothing that goes elsewhere. */
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/;

/** @param {string} message */
const unreadable = (message) => new Problem('manifest_parse_failure', `The manifest cannot be read: ${message}.`);

/** @param {any} value @param {string} name @returns {string} */
function text(value, name) {
  if (typeof value !== 'string') throw unreadable(`"${name}" is not a text`);
  return value;
}

/** @param {any} value @param {string} name @returns {string[]} */
function texts(value, name) {
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) throw unreadable(`"${name}" is not a list of texts`);
  return value;
}

/** @param {any} value @param {string} name @returns {CacheRule} */
function rule(value, name) {
  const given = value ?? {};
  const { mode = 'staleWhileError', maxStaleSeconds } = typeof given === 'string' ? { mode: given } : given;
  if ((mode ?? 'staleWhileError') !== 'staleWhileError' && mode !== 'noCache') throw unreadable(`"${name}" has an unknown mode`);
  if (maxStaleSeconds != null && !(typeof maxStaleSeconds === 'number' && maxStaleSeconds >= 1)) throw unreadable(`"${name}" has no age above zero`);
  return { mode: mode ?? 'staleWhileError', maxStaleSeconds: Math.trunc(maxStaleSeconds ?? STANDARD_AGE) };
}

/** @param {Record<string, any>} body @returns {Manifest} */
export function readManifest(body) {
  const capabilities = texts(body.requiredCapabilities, 'requiredCapabilities');
  const unknown = capabilities.find((each) => !CAPABILITIES.has(each));
  if (unknown !== undefined) throw unreadable(`there is no capability "${unknown}"`);
  const fallback = body.fallback ?? null;
  if (fallback && !['errorView', 'hostRoute', 'messageOnly'].includes(fallback.strategy)) throw unreadable('"fallback" has an unknown strategy');
  text(body.contractVersion, 'contractVersion');
  return {
    ...body, id: text(body.id, 'id'), version: text(body.version, 'version'), entry: text(body.entry, 'entry'), sdkVersionRange: text(body.sdkVersionRange, 'sdkVersionRange'),
    requiredCapabilities: capabilities, featureFlags: texts(body.featureFlags ?? [], 'featureFlags'), fallback,
    cachePolicy: { manifest: rule(body.cachePolicy?.manifest, 'cachePolicy.manifest'), entryScreen: rule(body.cachePolicy?.entryScreen, 'cachePolicy.entryScreen') },
  };
}

/** What a delivery query has: the required ones always, the others where they say something. @param {DeliveryContext} context */
export function contextQuery({ hostApp, sdkVersion, hostVersion, capabilities, more = {} }) {
  const query = new URLSearchParams({ hostApp, sdkVersion, hostVersion, capabilities: [...capabilities].sort().join(',') });
  for (const [name, value] of Object.entries(more)) if (value?.trim()) query.set(name, value);
  return query.toString();
}

/** Refuse a manifest whose program this host cannot run. @param {Manifest} manifest @param {DeliveryContext} context @param {(flag: string) => boolean} [featureFlag] */
export function requireSuited({ id, sdkVersionRange, requiredCapabilities, featureFlags }, { sdkVersion, capabilities }, featureFlag = () => false) {
  const version = parseVersion(sdkVersion);
  const allows = parseConstraint(sdkVersionRange);
  if (!version || !allows?.(version)) {
    throw new Problem('unsupported_sdk_version', `"${id}" needs the runtime ${sdkVersionRange}; this one is ${sdkVersion}.`, { sdkVersionRange, sdkVersion });
  }
  const missing = requiredCapabilities.filter((each) => !capabilities.includes(each)).sort();
  if (missing.length) throw new Problem('unsupported_capability', `"${id}" needs what this host does not have: ${missing.join(', ')}.`, { missingCapabilities: missing });
  const disabled = featureFlags.filter((each) => !featureFlag(each));
  if (disabled.length) throw new Problem('feature_disabled', `"${id}" is switched off in this host: ${disabled.join(', ')}.`, { disabledFeatureFlags: disabled });
}

/** One program at one endpoint. */
export class Client {
  /** @type {Manifest | null} */
  manifest = null;

  /** Whether what is shown came from a stored copy. */
  stale = false;

  /** @type {import('../trust/pinned.js').Pinned | null} */
  pinned = null;

  /**
   * @param {object} options
   * @param {string} options.appId
   * @param {Endpoint} options.endpoint
   * @param {DeliveryContext} options.context
   * @param {Cache | null} [options.cache]
   * @param {(flag: string) => boolean} [options.featureFlag]
   * @param {string | null} [options.trustRoot]  the root that is pinned: nothing is taken that was not signed
   */
  constructor({ appId, endpoint, context, cache = null, featureFlag = () => false, trustRoot = null }) {
    if (!SEGMENT.test(appId)) throw new Problem('endpoint_not_configured', `"${appId}" is no id of a mini-program.`);
    this.appId = appId;
    this.endpoint = endpoint;
    this.context = context;
    this.cache = cache;
    this.featureFlag = featureFlag;
    this.trustRoot = trustRoot;
    this.kept = trustRoot === null ? '' : 'signed::'; // copies from before a root was pinned stand in for nothing
  }

  /** The manifest, checked against this host. @returns {Promise<Manifest>} */
  async load() {
    this.stale = false;
    const path = `manifests/${this.appId}/latest.json?${contextQuery(this.context)}`;
    this.manifest = await this.#through(this.appId, (manifest) => manifest.cachePolicy.manifest, async () => this.#signed(readManifest(await getDocument(this.endpoint, path, 'manifest'))),
      ({ deliveryMetadata: _unkept, ...kept }) => kept);
    requireSuited(this.manifest, this.context, this.featureFlag);
    return this.manifest;
  }

  /** The manifest as it was signed, where a root is pinned; what was decided is said by whoever serves. @param {Manifest} found @returns {Promise<Manifest>} */
  async #signed(found) {
    if (this.trustRoot === null) return found;
    if (!SEGMENT.test(found.version)) throw unreadable('its version is none');
    const { openPinned } = await import('../trust/pinned.js');
    this.pinned = await openPinned(this.appId, this.endpoint, this.trustRoot, found.version);
    return { ...readManifest(await this.pinned.manifest()), deliveryMetadata: found.deliveryMetadata };
  }

  /** What was verified last; without it nothing is taken from the network. */
  get #verified() {
    if (this.pinned?.version === this.manifest?.version) return this.pinned;
    throw new Problem('backend_unreachable', 'What is signed could not be learnt.');
  }

  /** Stac JSON among the assets, as it was signed. @param {string} path */
  async asset(path) {
    return this.#verified?.asset(path);
  }

  /** @param {string} screenId @returns {Promise<any>} */
  async screen(screenId) {
    const { manifest } = this;
    if (!manifest) throw new Problem('screen_not_found', 'No mini-program is loaded.');
    if (!SEGMENT.test(screenId) || !SEGMENT.test(manifest.version)) throw new Problem('screen_not_found', `"${screenId}" is no id of a screen.`);
    return this.#through(`${this.appId}::${manifest.version}::${screenId}`, () => manifest.cachePolicy.entryScreen, async () => {
      const found = this.trustRoot !== null ? await this.#verified?.screen(screenId) ?? {} : await getDocument(this.endpoint, `screens/${this.appId}/${manifest.version}/${screenId}.json`, 'screen');
      if (!Object.keys(found).length) throw new Problem('manifest_parse_failure', `The screen "${screenId}" is empty.`);
      return found;
    });
  }

  /**
   * From the network; else, without a connection, a copy that is young enough.
   * @template T @param {string} name @param {(value: T) => CacheRule} ruleOf @param {() => Promise<T>} fetchIt @param {(value: any) => any} [kept]
   * @returns {Promise<T>}
   */
  async #through(name, ruleOf, fetchIt, kept = (value) => value) {
    const key = this.kept + name;
    try {
      const found = await fetchIt();
      if (ruleOf(found).mode === 'staleWhileError') await this.cache?.set(key, kept(found));
      else await this.cache?.remove(key);
      return found;
    } catch (error) {
      if (!(error instanceof Problem) || !error.isOffline) throw error;
      const copy = await this.cache?.get(key);
      if (!copy) throw error;
      const { mode, maxStaleSeconds } = ruleOf(copy.value);
      const age = (Date.now() - copy.storedAt) / 1000;
      if (mode !== 'staleWhileError' || age > maxStaleSeconds || age < 0) throw error;
      this.stale = true;
      return copy.value;
    }
  }
}
