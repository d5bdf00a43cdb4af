/**
 * How a version comes to the browser: by what changed upon an archive that it has as a dictionary (RFC 9842, which the browser does
 * by itself), else by the files that changed, else whole. Every file is what the index says, or the way failed and leads to the next.
 */

import { Problem } from '../client/problem.js';
import { ARCHIVE, filePath, packagePath } from './addresses.js';
import { bodiesOf } from './archive.js';
import { broken, isWhat, loadBytes } from './bytes.js';

/** @typedef {import('./bytes.js').Bytes} Bytes @typedef {import('./package_index.js').PackageIndex} PackageIndex @typedef {import('./package_index.js').IndexedFile} IndexedFile */
/** @typedef {'cached' | 'delta' | 'files' | 'package'} Way */
/** @typedef {{way: Way, bodies: Map<string, Bytes>, archive: string | null}} Fetched  `archive`: what is a dictionary from now on */

/** Requests at once for files of a version. */
const AT_ONCE = 6;

/** Whether this browser does dictionaries by itself. */
const hasDictionaries = () => Boolean(globalThis.document?.createElement('link').relList?.supports?.('compression-dictionary'));

export class Updater {
  /**
   * @param {object} options
   * @param {string} options.appId
   * @param {import('../client/http.js').Endpoint} options.endpoint
   * @param {() => boolean} [options.dictionaries]
   */
  constructor({ appId, endpoint, dictionaries = hasDictionaries }) {
    this.appId = appId;
    this.endpoint = endpoint;
    this.dictionaries = dictionaries;
  }

  /**
   * @param {PackageIndex} index @param {Map<string, Bytes>} known  bodies of files that are here, by sha256 @param {string[]} archives  that the browser was given as dictionaries
   * @returns {Promise<Fetched>} rejects with the problem of the last way, or when delivery cannot be reached
   */
  async fetch(index, known, archives) {
    const missing = [...new Map(index.files.filter((file) => !known.has(file.sha256)).map((file) => [file.sha256, file])).values()];
    if (!missing.length) return { way: 'cached', bodies: known, archive: null };
    let failure = null;
    for (const way of this.#ways(index, known, missing, archives)) {
      try {
        return await this.#go(way, index, known, missing);
      } catch (error) {
        if (!(error instanceof Problem) || error.isOffline) throw error;
        failure = error;
      }
    }
    throw broken(`${this.appId} ${index.version} could not be loaded: ${failure?.message}`);
  }

  /** The cheapest first. @param {PackageIndex} index @param {Map<string, Bytes>} known @param {IndexedFile[]} missing @param {string[]} archives @returns {Generator<Way>} */
  * #ways(index, known, missing, archives) {
    const changed = missing.reduce((sum, file) => sum + file.size, 0);
    const isCheaper = known.size > 0 && changed <= index.package.size;
    const delta = this.dictionaries() ? index.deltas.find((each) => archives.includes(each.base)) : undefined;
    if (delta && !(isCheaper && changed <= delta.size)) yield 'delta';
    if (isCheaper) yield 'files';
    yield 'package';
    if (!isCheaper) yield 'files'; // a function may not be able to hand out as much in one answer
  }

  /** @param {Way} way @param {PackageIndex} index @param {Map<string, Bytes>} known @param {IndexedFile[]} missing @returns {Promise<Fetched>} */
  async #go(way, index, known, missing) {
    if (way === 'files') return { way, bodies: new Map([...known, ...await this.#files(index.version, missing)]), archive: null };
    const archive = await loadBytes(this.endpoint, packagePath(this.appId, index.version, ARCHIVE), index.archive.size, { wanted: way === 'delta' ? requireDelta : undefined });
    if (!await isWhat(archive, index.archive)) throw broken('The package is not what its index says: its size or digest differs.');
    return { way, bodies: await bodiesOf(archive, index.files), archive: index.archive.sha256 };
  }

  /** @param {string} version @param {IndexedFile[]} missing @returns {Promise<Map<string, Bytes>>} */
  async #files(version, missing) {
    /** @type {Map<string, Bytes>} */
    const bodies = new Map();
    const left = missing.values();
    const one = async () => {
      for (const file of left) {
        const body = await loadBytes(this.endpoint, filePath(this.appId, version, file), file.size);
        if (!await isWhat(body, file)) throw broken(`${file.path} is not what the index says: its size or digest differs.`);
        bodies.set(file.sha256, body);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    return bodies;
  }
}

/** The browser may have thrown its dictionary away: then the body is the whole package, which is not read. @param {Response} response */
function requireDelta(response) {
  const coding = response.headers.get('content-encoding');
  if (coding !== null && coding !== 'dcz') throw broken('The browser has no dictionary any more.');
}
