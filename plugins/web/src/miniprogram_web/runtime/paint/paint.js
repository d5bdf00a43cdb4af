/**
 * Paints boxes: one element a box, at left, top, width and height inside its parent's element. Scroll views are real scroll
 * containers, what clips clips, and the tree of elements is the tree a screen reader walks.
 *
 * What an element is (a button, an image) and how it looks beyond color and opacity is for the caller: `elementOf` and `dress`.
 */

import { number } from '../layout/values.js';
import { morph } from './morph.js';
import { writeText } from './text.js';

/** @typedef {import('../layout/types.js').Box} Box @typedef {import('../layout/types.js').PlacedBox} PlacedBox */

/**
 * @typedef {object} PaintOptions
 * @property {Document} [document]
 * @property {import('../layout/types.js').Direction} [direction]  ltr
 * @property {(box: Box, document: Document) => HTMLElement} [elementOf]
 * @property {(element: HTMLElement, box: Box) => void} [dress]  after geometry, before the children
 * @property {(element: HTMLElement, box: Box) => void} [finish]  after the children
 * @property {boolean | 'widgets'} [paths]  write each node's JSON path into data-path, for an inspector or a test; 'widgets': only where a node says it
 */

/** What stands for a box when the caller does not know better. @param {Box} box @param {Document} document */
function plainElement({ node }, document) {
  const element = document.createElement(node.type === 'text' || node.type === 'selectableText' ? 'p' : 'div');
  if (node.type === 'listView' || node.type === 'gridView') element.setAttribute('role', 'list');
  return element;
}

/** #RRGGBB, or Flutter's #AARRGGBB, for CSS; nothing for what is no color of that form. @param {unknown} value */
export function cssColor(value) {
  const match = /^#([0-9a-f]{2})?([0-9a-f]{6})$/i.exec(String(value));
  return match ? `#${match[2]}${match[1] ?? ''}` : '';
}

/** Color, opacity and round clips: what needs no theme. @param {HTMLElement} element @param {Box} box */
function plainDress(element, { node, part }) {
  if (node.color && (part === 'body' || node.margin == null)) element.style.backgroundColor = cssColor(node.color);
  if (node.type === 'opacity') element.style.opacity = String(number(node.opacity) ?? 1);
  if (node.type === 'clipOval') element.style.borderRadius = '50%';
}

/** @param {number} value */
const px = (value) => `${value}px`;

/** Painting of one tree. */
class Painter {
  /** Where scroll views start; an element scrolls only once it is in the document. @type {{element: HTMLElement, left: number, top: number}[]} */
  starts = [];

  /** @param {PaintOptions} options */
  constructor({ document = globalThis.document, direction = 'ltr', elementOf = plainElement, dress = plainDress, finish = () => {}, paths = false }) {
    this.document = document;
    this.direction = direction;
    this.elementOf = elementOf;
    this.dress = dress;
    this.finish = finish;
    this.paths = paths;
  }

  /** @param {PlacedBox} placed @param {number} [left] @param {number} [top] @returns {HTMLElement} */
  paint({ x, y, box, scale, ...rest }, left = 0, top = 0) {
    const element = this.elementOf(box, this.document);
    const style = element.style;
    style.position = 'absolute';
    style.boxSizing = 'border-box';
    style.margin = '0';
    style.left = px(x + left);
    style.top = px(y + top);
    style.width = px(box.width);
    style.height = px(box.height);
    if (scale) {
      style.transformOrigin = '0 0';
      style.transform = `scale(${scale.x}, ${scale.y})`;
    }
    if (rest.opacity !== undefined) style.opacity = String(rest.opacity);
    if (box.hidden) style.visibility = 'hidden';
    if (box.clips) style.overflow = 'clip';
    if (this.paths === true || (this.paths === 'widgets' && box.node.jsonPath)) element.dataset.path = box.path;
    this.dress(element, box);
    if (box.text) writeText(element, box);
    if (box.scroll) this.#scroll(element, box);
    else for (const child of box.children) element.append(this.paint(child));
    this.finish(element, box);
    return element;
  }

  /** A scroll container, with everything that scrolls in one element of its full length. @param {HTMLElement} element @param {Box} box */
  #scroll(element, box) {
    const { axis, reversed, extent, start, pages, page } = /** @type {import('../layout/types.js').Scroll} */ (box.scroll);
    const vertical = axis === 'vertical';
    const length = vertical ? box.height : box.width;
    // A browser scrolls by whole pixels: what starts at the far end gets a distance without a fraction.
    const far = Math.max(0, extent - length);
    const distance = reversed ? Math.ceil(far) : far;
    const whole = length + distance;
    const content = this.document.createElement('div');
    Object.assign(content.style, { position: 'relative', width: px(vertical ? box.width : whole), height: px(vertical ? whole : box.height) });
    content.setAttribute('role', 'presentation');
    // Positions are counted from the left; a container that runs to the left would count its scrolling from the right.
    element.style.direction = 'ltr';
    content.style.direction = this.direction;
    Object.assign(element.style, { overflowX: vertical ? 'hidden' : 'auto', overflowY: vertical ? 'auto' : 'hidden', scrollbarWidth: 'none', overscrollBehavior: 'contain' });
    if (extent > length) element.tabIndex = 0; // the keyboard scrolls what has the focus
    if (pages) element.style.scrollSnapType = `${vertical ? 'y' : 'x'} mandatory`;
    const shift = reversed ? distance : 0;
    const isList = element.getAttribute('role') === 'list';
    for (const child of box.children) {
      const painted = this.paint(child, vertical ? 0 : shift, vertical ? shift : 0);
      if (isList) painted.setAttribute('role', 'listitem');
      if (pages && page) painted.style.scrollSnapAlign = 'center';
      if (child.sticky) Object.assign(painted.style, { position: 'sticky', [vertical ? 'top' : 'left']: '0', zIndex: '1' });
      content.append(painted);
    }
    element.append(content);
    const at = reversed ? distance - start : start;
    if (at) this.starts.push({ element, left: vertical ? 0 : at, top: vertical ? at : 0 });
  }
}

/**
 * Paint a tree into an element, in the place of what was there.
 * @param {HTMLElement} root @param {Box} box @param {PaintOptions} [options]
 */
export function paintInto(root, box, options = {}) {
  const painter = new Painter({ document: root.ownerDocument, ...options });
  const element = painter.paint({ x: 0, y: 0, box });
  root.dir = options.direction ?? 'ltr';
  root.replaceChildren(element);
  scrollToStarts(painter);
}

/** @param {Painter} painter */
function scrollToStarts(painter) {
  for (const { element, left, top } of painter.starts) element.scrollTo({ left, top, behavior: 'instant' });
}

/**
 * Paint a tree over the one that is in `root`, and keep what stays the same.
 * @param {HTMLElement} root @param {Box} box @param {PaintOptions} options
 */
export function repaint(root, box, options) {
  const painter = new Painter({ document: root.ownerDocument, ...options });
  const element = painter.paint({ x: 0, y: 0, box });
  root.dir = options.direction ?? 'ltr';
  const old = root.firstElementChild;
  if (old) morph(old, element);
  else root.append(element);
  // Only what was not there before is scrolled: the rest stays where a person left it.
  painter.starts = painter.starts.filter((each) => each.element.isConnected);
  scrollToStarts(painter);
}
