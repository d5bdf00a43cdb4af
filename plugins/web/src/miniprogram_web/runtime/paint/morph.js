/** Makes one tree of elements into another and keeps the elements that stay: focus, scroll positions and typed text survive. */

import { HANDLERS, PROPERTIES } from './look.js';

/** @param {Element} old @param {Element} wanted */
const isSame = (old, wanted) =>
  old.nodeName === wanted.nodeName && old.getAttribute('data-key') === wanted.getAttribute('data-key') && old.getAttribute('type') === wanted.getAttribute('type');

/** @param {Element} old @param {Element} wanted */
function copyAttributes(old, wanted) {
  for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of [...wanted.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

/** What the look says now, where it said something else before. @param {any} old @param {any} wanted */
function copyProperties(old, wanted) {
  const before = PROPERTIES.get(old);
  const after = PROPERTIES.get(wanted);
  for (const [name, value] of Object.entries(after ?? {})) {
    if (!before || before[name] !== value) old[name] = value;
  }
  if (after) PROPERTIES.set(old, after);
  else PROPERTIES.delete(old);
}

/**
 * @param {Element} old  in the document; gets to be like `wanted`
 * @param {Element} wanted  taken apart
 * @returns {Element} what is in the document now
 */
export function morph(old, wanted) {
  if (!isSame(old, wanted)) {
    old.replaceWith(wanted);
    return wanted;
  }
  copyAttributes(old, wanted);
  copyProperties(old, wanted);
  const handlers = HANDLERS.get(wanted);
  if (handlers) HANDLERS.set(old, handlers);
  else HANDLERS.delete(old);
  morphChildren(old, wanted);
  return old;
}

/** @param {Element} old @param {Element} wanted */
export function morphChildren(old, wanted) {
  if (!wanted.firstElementChild && !old.firstElementChild) {
    if (old.textContent !== wanted.textContent) old.textContent = wanted.textContent;
    return;
  }
  const keyed = new Map([...old.children].filter((child) => child.hasAttribute('data-key')).map((child) => [child.getAttribute('data-key'), child]));
  let at = old.firstChild;
  for (const child of [...wanted.childNodes]) {
    if (child.nodeType !== 1 || !at || at.nodeType !== 1) {
      old.insertBefore(child, at);
      continue;
    }
    const element = /** @type {Element} */ (child);
    const key = element.getAttribute('data-key');
    const known = key === null ? null : keyed.get(key);
    if (known && known !== at && known.parentNode === old) old.insertBefore(known, at);
    const candidate = /** @type {Element} */ (known ?? at);
    if (isSame(candidate, element)) {
      if (candidate === at) at = at.nextSibling;
      morph(candidate, element);
    } else old.insertBefore(element, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
