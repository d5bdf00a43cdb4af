/** From layout's paths to the document's. */

/**
 * The path of the widget that a part belongs to: parts that widgets are made of have longer paths than the document.
 * @param {any} document @param {string} path
 */
export function widgetPath(document, path) {
  let node = document;
  let found = '$';
  let at = '$';
  for (const [segment] of path.matchAll(/\.[^.[\]]+|\[\d+\]/g)) {
    node = node?.[segment.startsWith('.') ? segment.slice(1) : Number(segment.slice(1, -1))];
    if (node === undefined || node === null) break;
    at += segment;
    if (typeof node === 'object' && !Array.isArray(node)) found = at;
  }
  return found;
}
