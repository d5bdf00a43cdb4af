/** Where the parts of a version lie, below the address of its delivery. */

export const INDEX = 'deltas.json';
/** The archive, in whatever form the browser reads. */
export const ARCHIVE = 'package.tar';

/** @param {string} appId @param {string} version @param {string} name */
export const packagePath = (appId, version, name) => `packages/${appId}/${version}/${name}`;

/** The address of a file as it is in the package. @param {string} appId @param {string} version @param {import('./package_index.js').IndexedFile} file */
export function filePath(appId, version, { path, filled }) {
  if (!path.includes('/')) return `manifests/${appId}/versions/${version}.json`;
  const [folder, ...rest] = path.split('/').map(encodeURIComponent);
  return filled ? packagePath(appId, version, [folder, ...rest].join('/')) : `${folder}/${appId}/${version}/${rest.join('/')}`;
}
