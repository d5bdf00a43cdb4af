/**
 * What a host remembers of a mini-program between launches, and what a launch that failed or worked makes of it. The rule is the
 * one of `miniprogram.client`, told in docs/explanation/verified-launch.md; both are held to tests/conformance/launches.
 */

/** @typedef {import('./package_index.js').IndexedFile} IndexedFile */

/**
 * @typedef {object} HeldVersion  a version that is kept or embedded, whole
 * @property {string} version
 * @property {string} digest
 * @property {string | null} archive  sha256 of its archive, where it came as one: what a delta may build upon
 * @property {IndexedFile[]} files
 *
 * @typedef {object} LaunchState
 * @property {HeldVersion | null} current  what a launch takes next
 * @property {HeldVersion | null} good  the last one that started
 * @property {HeldVersion | null} trying  was handed out and has not started yet
 * @property {string[]} failed  digests of versions that did not start
 * @property {number | null} resolvedAt  when delivery was last asked with success, in milliseconds
 */

/** Older ones are long replaced by newer versions. */
const MOST_FAILED = 100;

/** @type {LaunchState} */
export const NOTHING = Object.freeze({ current: null, good: null, trying: null, failed: [], resolvedAt: null });

/** @param {HeldVersion | null} one @param {HeldVersion} other */
const same = (one, other) => one?.digest === other.digest;

/** It is never tried again, and the last good one comes back. @param {LaunchState} state @param {HeldVersion} version @returns {LaunchState} */
export function withFailed(state, version) {
  const failed = [...state.failed.filter((digest) => digest !== version.digest), version.digest].slice(-MOST_FAILED);
  const good = same(state.good, version) ? null : state.good;
  return { ...state, failed, good, current: !state.current || same(state.current, version) ? good : state.current, trying: null };
}

/** @param {LaunchState} state @param {HeldVersion} version @returns {LaunchState} */
export function withStarted(state, version) {
  return { ...state, good: version, failed: state.failed.filter((digest) => digest !== version.digest), trying: same(state.trying, version) ? null : state.trying };
}

/** Nothing is known of the trial: whoever looked at it went away. @param {LaunchState} state @param {HeldVersion} version @returns {LaunchState} */
export function withAbandoned(state, version) {
  return same(state.trying, version) ? { ...state, trying: null } : state;
}
