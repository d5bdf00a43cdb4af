/** The index of a version's package: how to get it, and what must come out. */

import { sha256 } from '../client/digest.js';
import { broken } from './bytes.js';

/**
 * @typedef {{size: number, sha256: string}} SizedDigest
 * @typedef {SizedDigest & {path: string, filled?: boolean}} IndexedFile  `filled`: as it is in the package, it lies beside the index
 * @typedef {SizedDigest & {from: string, base: string}} IndexedDelta  `base`: the archive it builds upon, by its sha256
 *
 * @typedef {object} PackageIndex
 * @property {string} version
 * @property {string} digest  of the version, the one that `publish` printed
 * @property {SizedDigest} archive  uncompressed
 * @property {SizedDigest} package  compressed
 * @property {IndexedFile[]} files  by path
 * @property {IndexedDelta[]} deltas
 */

export const MOST_INDEX_BYTES = 8 * 1024 * 1024;
const MOST_FILES = 20_000;
export const MOST_ARCHIVE_BYTES = 256 * 1024 * 1024 + MOST_FILES * 2048;
const SHA256 = /^[0-9a-f]{64}$/;
/** Paths of a bundle: nothing that leads elsewhere. */
const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\?#\0]+(?:\/[^/\\?#\0]+)*$/;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** @param {import('./bytes.js').Bytes} bytes @param {string} name @returns {any} */
export function parsed(bytes, name) {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw broken(`${name} is no JSON.`);
  }
}

/** @param {any} value @returns {boolean} */
const isSized = (value) => Number.isSafeInteger(value?.size) && value.size >= 0 && value.size <= MOST_ARCHIVE_BYTES && SHA256.test(value.sha256);

/** The digest of a version: of the paths, digests and sizes of its files. @param {IndexedFile[]} files */
export async function digestOf(files) {
  return `sha256:${await sha256(new TextEncoder().encode(JSON.stringify(files.map((file) => [file.path, file.sha256, file.size]))))}`;
}

/** @param {any} files @returns {files is IndexedFile[]} */
export function areFiles(files) {
  return Array.isArray(files) && files.length <= MOST_FILES && files.every((file) => isSized(file) && PATH.test(file.path)) && new Set(files.map((file) => file.path)).size === files.length
    && files.some((file) => file.path === 'manifest.json');
}

/** @param {import('./bytes.js').Bytes} bytes @param {string} appId @param {string} version @returns {Promise<PackageIndex>} */
export async function readIndex(bytes, appId, version) {
  const name = `The index of ${appId} ${version}`;
  const index = parsed(bytes, name);
  if (index?.sealed) throw broken(`${appId} ${version} is sealed for host apps that have a key, and a page has none.`);
  const deltas = index?.deltas ?? [];
  const isIndex = index?.schemaVersion === 1 && isSized(index.archive) && isSized(index.package) && areFiles(index.files) && Array.isArray(deltas)
    && deltas.every((/** @type {any} */ each) => isSized(each) && SHA256.test(each.base));
  if (!isIndex) throw broken(`${name} cannot be read.`);
  if (index.miniProgramId !== appId || index.version !== version) throw broken(`${name} is about something else.`);
  if (index.digest !== await digestOf(index.files)) throw broken(`${name} does not list the files that its digest says.`);
  return { ...index, deltas };
}
