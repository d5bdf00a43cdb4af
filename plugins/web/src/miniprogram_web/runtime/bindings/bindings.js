/** Placeholders: `{{path}}` of backend, item and auth templates, and `{{name}}` of the global registry. */

/** Trees deeper than this are left as they are. */
const MOST_LEVELS = 200;

const WHOLE = /^\{\{\s*([^{}]*?)\s*\}\}$/;
const EACH = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Nodes that resolve what is inside them by themselves, when their own data is there. */
const OWN_TEMPLATES = new Set(['miniProgramBackendBuilder', 'miniProgramAuthBuilder']);
const TEMPLATE_SLOTS = new Set(['loading', 'error', 'child', 'empty', 'itemTemplate', 'signedIn', 'signedOut']);

/** The segments of a path: names, name[0], list indexes. @param {string} path */
export const segments = (path) => path.replace(/\[(\d+)\]/g, '.$1').split('.').map((each) => each.trim()).filter(Boolean);

/** What stands at a path; undefined where nothing does. Only own members count. @param {any} data @param {string} path @returns {any} */
export function at(data, path) {
  let found = data;
  for (const name of segments(path)) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

/** @param {any} value */
function asText(value) {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * A tree with every string of it resolved. `lookup` gives undefined for what it does not know.
 * @param {any} tree @param {(text: string) => any} resolve  of one string @param {(node: any) => Set<string> | null} [skip]  slots left alone @param {number} [level]
 * @returns {any}
 */
function mapStrings(tree, resolve, skip, level = 0) {
  if (typeof tree === 'string') return resolve(tree);
  if (!tree || typeof tree !== 'object' || level > MOST_LEVELS) return tree;
  if (Array.isArray(tree)) return tree.map((each) => mapStrings(each, resolve, skip, level + 1));
  const left = skip?.(tree) ?? null;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, left?.has(key) ? value : mapStrings(value, resolve, skip, level + 1)]));
}

/**
 * Resolve the bindings of a template: a string that is one binding takes the value as it is, what is missing is empty.
 * A binding whose root is not in `roots` is left for somebody else. Builders inside keep their templates.
 * @param {any} tree @param {Record<string, any>} roots  backend, item, auth
 */
export function bind(tree, roots) {
  const known = (/** @type {string} */ path) => Object.hasOwn(roots, segments(path)[0] ?? '');
  const resolve = (/** @type {string} */ text) => {
    if (!text.includes('{{')) return text;
    const whole = WHOLE.exec(text);
    if (whole) return known(whole[1]) ? at(roots, whole[1]) ?? '' : text;
    return text.replace(EACH, (all, path) => (known(path) ? asText(at(roots, path)) : all));
  };
  const inner = (/** @type {any} */ node) => (OWN_TEMPLATES.has(node.type) ? TEMPLATE_SLOTS : null);
  return mapStrings(tree, resolve, inner);
}

/** Put the registry's values, as text, in the place of their names; unknown names stay. @param {any} tree @param {Map<string, any>} registry */
export function substitute(tree, registry) {
  if (!registry.size) return tree;
  return mapStrings(tree, (text) => (text.includes('{{')
    ? text.replace(EACH, (all, name) => (registry.has(name) ? asText(registry.get(name)) : all)) : text));
}

/** Fill a dynamicView's template from data: names are members of the data. An unknown one stays. @param {any} template @param {any} data */
export function fill(template, data) {
  return mapStrings(template, (text) => (text.includes('{{')
    ? text.replace(EACH, (all, path) => { const found = at(data, path); return found === undefined || found === null ? all : asText(found); }) : text));
}
