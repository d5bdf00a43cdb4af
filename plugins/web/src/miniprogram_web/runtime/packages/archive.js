/** The files of a version out of its archive: an uncompressed tar with the version's own listing in front. */

import { broken, isWhat } from './bytes.js';
import { areFiles, digestOf, MOST_ARCHIVE_BYTES, parsed } from './package_index.js';

/** @typedef {import('./bytes.js').Bytes} Bytes @typedef {import('./package_index.js').IndexedFile} IndexedFile */

const BLOCK = 512;
const SIZE_AT = 124;
const TYPE_AT = 156;
const FILE = 0x30;
/** An entry that says more of the next one, such as a long name. What a file is called is known from the listing. */
const MORE = 0x78;

/** Bodies of the regular files of a tar, in its order. @param {Bytes} archive @returns {Generator<Bytes>} */
function* bodies(archive) {
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const size = parseInt(String.fromCharCode(...archive.subarray(at + SIZE_AT, at + SIZE_AT + 11)), 8);
    const [start, type] = [at + BLOCK, archive[at + TYPE_AT]];
    if (!(size >= 0) || start + size > archive.length || (type !== FILE && type !== MORE)) throw broken('The archive of the version is damaged.');
    if (type === FILE) yield archive.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/**
 * The bodies of `files` by their sha256, each verified.
 * @param {Bytes} archive @param {IndexedFile[]} files  in the order in which they lie there, behind the listing
 * @returns {Promise<Map<string, Bytes>>}
 */
export async function bodiesOf(archive, files) {
  const found = [...bodies(archive)].slice(1);
  if (found.length !== files.length) throw broken('The archive of the version does not hold the files that it should.');
  const good = await Promise.all(files.map((file, at) => isWhat(found[at], file)));
  if (good.includes(false)) throw broken('A file of the version is not what the index says.');
  return new Map(files.map((file, at) => [file.sha256, found[at].slice()]));
}

/**
 * A package that the page was built with: it says itself what it is.
 * @param {Bytes} archive @param {string} appId
 */
export async function openArchive(archive, appId) {
  const [listing] = archive.length <= MOST_ARCHIVE_BYTES ? bodies(archive) : [];
  const { miniProgramId, version, digest, files } = listing ? parsed(listing, 'The listing of the package') : /** @type {any} */ ({});
  if (miniProgramId !== appId || typeof version !== 'string' || !areFiles(files) || digest !== await digestOf(files)) throw broken(`The embedded package is none of ${appId}.`);
  return { version, digest: /** @type {string} */ (digest), files, bodies: await bodiesOf(archive, files) };
}
