/** The device on the stage: its frame, its size, how large it is shown. */

import { fill, h, iconButton } from './dom.js';
import { deviceOf, WINDOW } from './devices.js';

const MARGIN = 28;
const SMALLEST = 0.1;

/** @typedef {import('./settings.js').Values} Values @typedef {import('../runtime/layout/types.js').Edges} Edges */

/** The screen's own size as the settings have it, turned where it is turned. @param {Values} values */
export function screenOf(values) {
  const device = deviceOf(values.device);
  const upright = device ? { width: device.width, height: device.height } : { width: values.width, height: values.height };
  const turned = values.landscape && device ? { width: upright.height, height: upright.width } : upright;
  const { top, bottom } = device?.safe ?? { top: 0, bottom: 0 };
  /** @type {Edges} */
  const safeArea = values.landscape && device ? { left: device.camera === 'none' ? 0 : top, top: 0, right: 0, bottom: Math.min(bottom, 21) } : { left: 0, top, right: 0, bottom };
  return { device, ...turned, safeArea, bezel: device ? device.bezel ?? 11 : 0, radius: device?.radius ?? 0 };
}

export class Stage {
  /** How many pixels of the page a logical one of the device has. */
  zoom = 1;

  /** @param {HTMLElement} parent @param {import('./settings.js').Settings} settings */
  constructor(parent, settings) {
    this.parent = parent;
    this.settings = settings;
    this.host = h('div', { class: 'screen' });
    this.marks = h('div', { class: 'marks', 'aria-hidden': 'true' });
    this.problems = h('div', { class: 'problem-marks' });
    this.status = h('div', { class: 'status', 'aria-hidden': 'true' });
    this.handle = h('div', { class: 'handle', title: 'Drag to another size' });
    this.device = h('div', { class: 'device' }, this.host, this.status, this.marks, this.handle);
    this.space = h('div', { class: 'space' }, this.device);
    this.caption = h('div', { class: 'caption' });
    this.scroller = h('div', { class: 'stage-scroll' }, this.space);
    this.marks.append(this.problems);
    parent.append(this.scroller, this.caption);
    new ResizeObserver(() => this.layout()).observe(this.scroller);
    this.#resizable();
  }

  layout() {
    const { values } = this.settings;
    const isWindow = values.device === WINDOW;
    const own = screenOf(values);
    const { device, bezel, radius } = own;
    const { width, height } = isWindow ? { width: this.parent.clientWidth, height: this.scroller.clientHeight } : own;
    this.parent.classList.toggle('whole', isWindow);
    const room = { width: this.scroller.clientWidth - 2 * MARGIN, height: this.scroller.clientHeight - 2 * MARGIN };
    const whole = { width: width + 2 * bezel, height: height + 2 * bezel };
    const fitting = Math.min(1, room.width / whole.width, room.height / whole.height);
    this.zoom = isWindow ? 1 : Math.max(SMALLEST, values.zoom === 'fit' ? fitting : values.zoom);
    Object.assign(this.device.style, { width: `${whole.width}px`, height: `${whole.height}px`, transform: `scale(${this.zoom})`, borderRadius: `${radius ? radius + bezel : isWindow ? 0 : 4}px`, padding: `${bezel}px` });
    this.device.classList.toggle('framed', bezel > 0);
    Object.assign(this.host.style, { left: `${bezel}px`, top: `${bezel}px`, width: `${width}px`, height: `${height}px`, borderRadius: `${radius}px` });
    Object.assign(this.marks.style, { left: `${bezel}px`, top: `${bezel}px`, width: `${width}px`, height: `${height}px`, borderRadius: `${radius}px` });
    Object.assign(this.status.style, { left: `${bezel}px`, top: `${bezel}px`, width: `${width}px`, height: `${height}px` });
    Object.assign(this.space.style, { width: `${whole.width * this.zoom}px`, height: `${whole.height * this.zoom}px` });
    this.handle.hidden = device !== null || isWindow;
    this.#status(values, device);
    const percent = `${Math.round(this.zoom * 100)} %`;
    if (isWindow) return fill(this.caption);
    fill(this.caption, h('span', {}, `${device?.name ?? 'Free size'}`), h('span', { class: 'quiet' }, `${width} × ${height}`), h('button', { type: 'button', class: 'link', title: 'Fit, or 100 %', onClick: () => this.settings.set({ zoom: values.zoom === 'fit' ? 1 : 'fit' }) }, percent),
      iconButton('rotate', 'Turn', () => this.settings.set(device ? { landscape: !values.landscape } : { width: values.height, height: values.width })));
  }

  /** What the system shows at the edges. @param {Values} values @param {import('./devices.js').Device | null} device */
  #status(values, device) {
    this.status.dataset.brightness = values.brightness;
    this.status.classList.toggle('landscape', values.landscape);
    const bar = device && !values.landscape && h('div', { class: `bar ${device.camera}`, style: { height: `${device.safe.top}px` } }, h('span', { class: 'clock' }, '9:41'), device.camera !== 'none' && h('span', { class: 'camera' }), h('span', { class: 'battery' }));
    const home = device && device.safe.bottom > 0 && h('div', { class: 'home', style: { height: `${Math.min(device.safe.bottom, values.landscape ? 21 : 34)}px` } });
    fill(this.status, bar, home);
  }

  /** A free size is dragged by its corner. */
  #resizable() {
    this.handle.addEventListener('pointerdown', (down) => {
      const { width, height } = this.settings.values;
      this.handle.setPointerCapture(down.pointerId);
      const move = (/** @type {PointerEvent} */ event) => {
        const part = this.zoom / 2; // the device stays in the middle of the stage
        this.settings.set({ zoom: this.settings.values.zoom === 'fit' ? this.zoom : this.settings.values.zoom, width: Math.round(Math.max(120, width + (event.clientX - down.clientX) / part)), height: Math.round(Math.max(120, height + (event.clientY - down.clientY) / this.zoom)) });
      };
      this.handle.addEventListener('pointermove', move);
      this.handle.addEventListener('pointerup', () => this.handle.removeEventListener('pointermove', move), { once: true });
    });
  }
}
