/** How a box appears: which element it is, its attributes, its CSS, and what it answers to. Widgets put a look on layout nodes. */

/** @typedef {import('../layout/types.js').Box} Box */

/**
 * @typedef {object} Look
 * @property {string} [tag]  div when absent
 * @property {string} [className]
 * @property {Record<string, string> | ((box: Box) => Record<string, string>)} [css]  DOM names of properties
 * @property {Record<string, string | number | boolean | null | undefined>} [attributes]  null, undefined and false are left out
 * @property {Record<string, any>} [properties]  of the element itself, set once when it appears, and again only where they change
 * @property {string} [text]  of an element without children
 * @property {Handlers} [on]
 * @property {string} [cover]  name of a button over the whole box: what makes a box that holds other controls reachable by keyboard
 * @property {Record<string, string>} [coverAttributes]
 * @property {(element: HTMLElement, box: Box) => void} [paint]  for what attributes cannot say
 * @property {Record<string, string> | ((box: Box) => Record<string, string>)} [over]  CSS of a layer on top of everything inside
 *
 * @typedef {Record<string, (event: any) => void>} Handlers  by DOM event, or a gesture: tap, doubleTap, longPress …
 */

/** Handlers of living elements; moved along when an element is kept. @type {WeakMap<Element, Handlers>} */
export const HANDLERS = new WeakMap();

/** Properties that a look set, to tell what it changes from what a person typed. @type {WeakMap<Element, Record<string, any>>} */
export const PROPERTIES = new WeakMap();

const NO_LOOK = Object.freeze({});

/** The look of a box: of a container with a margin it belongs to the box inside. @param {Box} box @returns {Look} */
function lookOf({ node, part }) {
  if (node.margin != null && node.type === 'container' && part !== 'body') return NO_LOOK;
  return node.look ?? NO_LOOK;
}

/** @param {Box} box @param {Document} document */
export function elementOf(box, document) {
  const { tag } = lookOf(box);
  const element = document.createElement(tag ?? (box.text ? 'p' : 'div'));
  if (tag === 'button') /** @type {HTMLButtonElement} */ (element).type = 'button';
  return element;
}

/** @param {HTMLElement} element @param {Box} box */
export function dress(element, box) {
  const look = lookOf(box);
  if (look === NO_LOOK) return;
  if (look.className) element.className = look.className;
  for (const [name, value] of Object.entries(look.attributes ?? NO_LOOK)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  Object.assign(element.style, typeof look.css === 'function' ? look.css(box) : look.css);
  if (look.properties) {
    Object.assign(element, look.properties);
    PROPERTIES.set(element, look.properties);
  }
  if (look.text !== undefined) element.textContent = look.text;
  if (look.on) HANDLERS.set(element, look.on);
  if (look.cover !== undefined) element.append(cover(element.ownerDocument, look));
  look.paint?.(element, box);
}

/** @param {Document} document @param {Look} look */
function cover(document, look) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'mp-cover';
  if (look.cover) button.setAttribute('aria-label', look.cover);
  for (const [name, value] of Object.entries(look.coverAttributes ?? NO_LOOK)) button.setAttribute(name, value);
  return button;
}

/** What lies over everything inside, once that is there. @param {HTMLElement} element @param {Box} box */
export function finish(element, box) {
  const { over } = lookOf(box);
  if (!over) return;
  const layer = element.ownerDocument.createElement('div');
  layer.className = 'mp-over';
  Object.assign(layer.style, typeof over === 'function' ? over(box) : over);
  element.append(layer);
}
