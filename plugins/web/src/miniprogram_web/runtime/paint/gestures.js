/** Taps, long presses and drags: one set of listeners at the root, handlers found from where it happened outwards. */

import { HANDLERS } from './look.js';

/** As Flutter's kLongPressTimeout, kDoubleTapTimeout and kTouchSlop. */
const LONG_PRESS_MS = 500;
const DOUBLE_TAP_MS = 300;
const SLOP = 18;

/** @typedef {{target: Element, x: number, y: number, long: boolean, moved: 'horizontal' | 'vertical' | null, last: {x: number, y: number, time: number}}} Press */

/** The nearest element that answers to one of these. @param {EventTarget | null} target @param {string[]} names @param {Element} root */
function nearest(target, names, root) {
  for (let element = /** @type {Element | null} */ (target); element && element !== root; element = element.parentElement) {
    const handlers = HANDLERS.get(element);
    const name = handlers && names.find((each) => handlers[each]);
    if (handlers && name) return { element, handlers, name };
  }
  return null;
}

/** Everything that stands for a tap: a control that has none of them lets the tap go further out. */
const TAPS = ['tap', 'click', 'doubleTap', 'tapUp', 'tapDown'];
const DOM_EVENTS = ['input', 'change', 'focusin', 'focusout', 'keydown', 'scroll', 'pointerenter', 'submit', 'touchstart', 'touchmove', 'touchend', 'touchcancel'];

/** @param {HTMLElement} root */
export function listen(root) {
  /** @type {Press | null} */
  let press = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let lastTap = { element: /** @type {Element | null} */ (null), time: 0 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pendingTap;
  const call = (/** @type {EventTarget | null} */ target, /** @type {string[]} */ names, /** @type {any} */ event) => {
    const found = nearest(target, names, root);
    found?.handlers[found.name](event);
    return found;
  };

  root.addEventListener('click', (event) => {
    if (press?.long) return void event.preventDefault();
    const found = nearest(event.target, TAPS, root);
    if (!found) return;
    const { element, handlers } = found;
    handlers.click?.(event);
    handlers.tapUp?.(event);
    if (!handlers.doubleTap) return void handlers.tap?.(event);
    const isDouble = lastTap.element === element && event.timeStamp - lastTap.time < DOUBLE_TAP_MS;
    clearTimeout(pendingTap);
    lastTap = { element: isDouble ? null : element, time: event.timeStamp };
    if (isDouble) handlers.doubleTap(event);
    else if (handlers.tap) pendingTap = setTimeout(() => { if (element.isConnected) handlers.tap(event); }, DOUBLE_TAP_MS);
  });
  root.addEventListener('pointerdown', (event) => {
    const at = { x: event.clientX, y: event.clientY, time: event.timeStamp };
    press = { target: /** @type {Element} */ (event.target), x: at.x, y: at.y, long: false, moved: null, last: at };
    call(event.target, ['tapDown'], event);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (press && nearest(press.target, ['longPress'], root)) {
        press.long = true;
        call(press.target, ['longPress'], event);
      }
    }, LONG_PRESS_MS);
  });
  root.addEventListener('pointermove', (event) => {
    if (!press || event.buttons === 0) return;
    const [dx, dy] = [event.clientX - press.x, event.clientY - press.y];
    if (press.moved || Math.hypot(dx, dy) < SLOP) return;
    clearTimeout(timer);
    press.moved = Math.abs(dx) > Math.abs(dy) ? 'horizontal' : 'vertical';
    call(press.target, [`${press.moved}DragStart`, 'panStart'], event);
  });
  const end = (/** @type {PointerEvent} */ event) => {
    clearTimeout(timer);
    if (press?.moved) call(press.target, [`${press.moved}DragEnd`, 'panEnd'], event);
    if (press?.long) call(press.target, ['longPressUp', 'longPressEnd'], event);
    else press = null;
  };
  root.addEventListener('pointerup', end);
  root.addEventListener('pointercancel', end);
  root.addEventListener('contextmenu', (event) => { if (press?.long || call(event.target, ['secondaryTap'], event)) event.preventDefault(); });
  for (const name of DOM_EVENTS) root.addEventListener(name, (event) => { call(event.target, [name], event); }, { capture: name === 'scroll', passive: name.startsWith('touch') });
}
