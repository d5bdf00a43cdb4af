/** The page of `miniprogram preview`: puts its parts together and does what the server tells. */

import { Bar } from './bar.js';
import { Channel } from './channel.js';
import { fill, h } from './dom.js';
import { HostPanel } from './host_panel.js';
import { InspectPanel } from './inspect_panel.js';
import { Log } from './log.js';
import { LogPanel } from './log_panel.js';
import { Mocks } from './mocks.js';
import { markProblems } from './problem_marks.js';
import { Overlay } from './overlay.js';
import { ProblemList } from './problem_list.js';
import { Problems } from './problems.js';
import { Runner } from './runner.js';
import { Server } from './server.js';
import { directionOf, Settings, valid } from './settings.js';
import { Side } from './side.js';
import { slowMotion } from './slow_motion.js';
import { screenOf, Stage } from './stage.js';
import { Storyboard } from './storyboard.js';
import { StatePanel } from './state_panel.js';

const TOAST_MS = 4000;
/** What of the settings all tiles of the storyboard have. */
const BOARD_LOOKS = new Set(['locale', 'direction', 'contrast', 'theme', 'capabilities', 'scenario']);
const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Preview {
  /** @type {import('./server.js').ProgramFacts | null} */
  facts = null;
  /** What each screen was when it was loaded last. @type {Record<string, string>} */
  digests = {};
  #instance = '';
  /** Applies the dilation of time to what moves now. @type {(() => void) | undefined} */
  slower;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #toastTimer;
  #work = Promise.resolve();
  /** Several settings change, and one start is to follow. */
  #quiet = false;

  constructor() {
    this.server = new Server(new URL('.', location.href).href);
    this.settings = new Settings(location.search);
    this.log = new Log();
    this.problems = new Problems(this.server);
    this.stage = new Stage(part('stage'), this.settings);
    this.toastElement = h('div', { class: 'toast', role: 'status', hidden: true });
    part('stage').append(this.toastElement);
    this.overlay = new Overlay(part('stage'), (place) => void this.openEditor(place));
    this.mocks = new Mocks(`${this.server.base}backend/`, () => this.side.refresh());
    this.runner = new Runner(this.stage.host, { server: this.server, settings: this.settings, log: this.log, problems: this.problems, mocks: this.mocks, drawn: () => this.#drawn() });
    const view = () => this.runner.view;
    const refresh = () => this.side.refresh();
    this.inspector = new InspectPanel(this.stage, { view, server: this.server, open: (place) => void this.openEditor(place), refresh });
    this.side = new Side(part('side'), this.settings, {
      inspect: this.inspector, state: new StatePanel({ view, signIn: (on) => this.runner.signIn(on), bindAgain: () => this.#then(() => this.runner.bindAgain()), refresh }), host: new HostPanel(this.settings, () => this.facts), log: new LogPanel(this.log, this.mocks, refresh),
    });
    this.problemList = new ProblemList(part('stage'), this.problems, { open: (place) => void this.openEditor(place), select: (path) => { this.settings.set({ tab: 'inspect', panel: true }); this.inspector.select(path); } });
    this.storyboard = new Storyboard(part('board'), { runner: this.runner, facts: () => this.facts, mocks: this.mocks, open: ({ screenId, width, brightness, textScale }) => {
      this.settings.set({ mode: 'device', device: 'free', width, height: 780, brightness, textScale });
      void this.openScreen(screenId);
    } });
    this.bar = new Bar(part('bar'), this.settings, { restart: () => void this.restart(), open: (id) => void this.openScreen(id) });
    this.log.listen(refresh);
    this.problems.listen(() => this.#stripes());
    this.settings.listen((changed) => this.#changed(changed));
    this.#ownMistakes();
  }

  start() {
    this.#showMode();
    this.stage.layout();
    this.bar.draw();
    this.side.refresh();
    this.channel = new Channel(`${this.server.base}events`, (name, data) => this.#then(() => this.#told(name, data)), (state) => this.bar.connected(state));
  }

  /** One after the other, in the order in which they were told. @param {() => Promise<void> | void} work */
  #then(work) {
    this.#work = this.#work.then(work).catch((error) => this.#wrong(error));
  }

  /** @param {string} name @param {any} data */
  async #told(name, data) {
    if (name === 'hello') await this.#hello(data);
    else if (name === 'screen') await this.#screen(data.id, data.digest);
    else if (name === 'reload') await this.#reload(data);
    else if (name === 'error') this.overlay.show(data);
    else if (name === 'fixed') this.overlay.clear();
    else if (name === 'log') this.log.add('build', data.message, data.level === 'info' ? null : data, { level: data.level });
  }

  /** How things stand, when the page comes or comes back. @param {{instance: string, screens: Record<string, string>, resumed: boolean}} hello */
  async #hello({ instance, screens, resumed }) {
    if (!this.#instance) {
      this.#instance = instance;
      await (this.settings.values.scenario ? this.#scenario() : this.restart());
      this.digests = screens;
      this.#showMode();
      return;
    }
    if (resumed) return; // what was missed follows
    this.overlay.clear();
    if (instance !== this.#instance) {
      this.#instance = instance;
      this.toast('The preview was started again.');
    }
    const before = JSON.stringify(this.facts?.manifest);
    await this.#load();
    if (JSON.stringify(this.facts?.manifest) !== before) await this.restart();
    else for (const id of Object.keys({ ...this.digests, ...screens })) if (this.digests[id] !== screens[id]) await this.#screen(id, screens[id] ?? null);
    this.digests = screens;
  }

  async #load() {
    this.facts = await this.server.program();
    this.bar.facts = this.facts;
    document.title = `${this.facts.title} · Preview`;
    this.bar.draw();
    this.side.refresh();
  }

  /** @param {string} id @param {string | null} digest */
  async #screen(id, digest) {
    const known = Object.hasOwn(this.digests, id);
    if (known && this.digests[id] === digest) return;
    if (digest === null) delete this.digests[id];
    else this.digests[id] = digest;
    if (!known || digest === null) await this.#load();
    this.inspector.forget();
    this.storyboard.patch(id);
    if (this.settings.values.mode === 'storyboard' && (!known || digest === null)) this.storyboard.draw();
    const isShown = await this.runner.patch(id, digest);
    if (isShown && digest === null) this.toast(`The screen "${id}" is gone; what was shown of it stays.`);
    else if (!isShown && !this.runner.view?.screen?.screenId) await this.restart(); // an error screen: it may be mended
    document.dispatchEvent(new CustomEvent('preview-screen', { detail: { id, digest } }));
  }

  /** @param {{part: string, why: string}} reload */
  async #reload({ part: changed, why }) {
    await this.#load();
    if (changed === 'assets') {
      this.runner.assetVersion += 1;
      this.runner.view?.refresh();
    } else if (changed === 'theme') await this.#theme();
    else if (changed === 'scenarios') {
      if (this.settings.values.scenario) await this.#scenario();
    }
    else {
      await this.restart();
      this.toast(`Started again: ${why}.`);
    }
  }

  /** Start the mini-program again, from its first screen. */
  async restart() {
    await this.#load();
    const { scenario } = this.settings.values;
    this.runner.scenario = this.facts?.scenarios?.find(({ name }) => name === scenario) ?? null;
    await this.#theme();
    if (this.facts) await this.runner.start(this.facts, screenOf(this.settings.values).safeArea);
    const root = this.stage.host.shadowRoot;
    if (root) this.slower ??= slowMotion(root, () => this.settings.values.timeDilation);
  }

  async #theme() {
    const { theme } = this.settings.values;
    this.runner.theme = theme && this.facts?.themes.includes(theme) ? await this.server.theme(theme) : null;
    this.runner.configure(screenOf(this.settings.values).safeArea);
  }

  /** Take up the scenario that is chosen: what it says of the page, its answers, and its start. */
  async #scenario() {
    await this.#load();
    const { scenario } = this.settings.values;
    const found = this.facts?.scenarios?.find(({ name }) => name === scenario) ?? null;
    if (scenario && !found) {
      this.toast(`There is no scenario "${scenario}" in preview.toml.`);
      this.settings.set({ scenario: '' }); // which comes here again
      return;
    }
    const { theme: brightness, signedIn, mocks = [], device, ...looks } = found ?? {};
    if (device !== undefined && !('device' in valid({ device }))) this.toast(`There is no device "${device}": see the list above.`);
    this.mocks.set(mocks);
    if (signedIn !== undefined) this.runner.signIn(signedIn);
    this.#quiet = true;
    this.settings.set({ ...looks, ...(device === undefined ? {} : { device }), ...(brightness === undefined ? {} : { brightness }), screen: '' });
    this.#quiet = false;
    await this.restart();
  }

  /** @param {string} id */
  async openScreen(id) {
    await this.runner.open(id);
  }

  /** @param {{file: string, line?: number | null, column?: number | null}} place */
  async openEditor(place) {
    try {
      await this.server.open(place);
    } catch (error) {
      this.toast(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} message */
  toast(message) {
    clearTimeout(this.#toastTimer);
    fill(this.toastElement, message);
    this.toastElement.hidden = false;
    this.#toastTimer = setTimeout(() => { this.toastElement.hidden = true; }, TOAST_MS);
  }

  #drawn() {
    this.bar.shows(this.runner.view?.screen?.screenId ?? null);
    this.inspector.drawn();
    this.#stripes();
    this.side.refresh();
  }

  #stripes() {
    const screenId = this.runner.view?.screen?.screenId ?? null;
    const shown = { zoom: this.stage.zoom, screen: this.stage.host.getBoundingClientRect() };
    markProblems(this.stage.problems, this.problems.list.filter((each) => each.screenId === screenId), (path) => this.inspector.element(path), shown);
  }

  /** @param {Partial<import('./settings.js').Values>} changed */
  #changed(changed) {
    this.stage.layout();
    const { values } = this.settings;
    this.stage.host.lang = values.locale;
    if ('mode' in changed) this.#showMode();
    else if (values.mode === 'storyboard' && Object.keys(changed).some((name) => BOARD_LOOKS.has(name))) this.#then(() => this.storyboard.draw());
    if ('timeDilation' in changed) this.slower?.();
    if ('theme' in changed) this.#then(() => this.#theme());
    else if ('scenario' in changed) this.#then(() => this.#scenario());
    else if (!this.#quiet && ('capabilities' in changed || 'locale' in changed)) this.#then(() => this.restart());
    this.runner.configure(screenOf(values).safeArea);
    this.stage.host.dir = directionOf(values);
  }

  #showMode() {
    const isBoard = this.settings.values.mode === 'storyboard';
    document.body.dataset.mode = this.settings.values.mode;
    if (isBoard && this.facts) this.storyboard.draw();
    else this.storyboard.stop();
  }

  /** @param {unknown} error */
  #wrong(error) {
    const message = error instanceof Error ? error.message : String(error);
    this.log.add('error', message, error instanceof Error ? error.stack ?? null : null, { level: 'error' });
    void this.server.report({ level: 'error', code: 'page_error', message, screenId: this.runner.view?.screen?.screenId ?? null });
  }

  /** What goes wrong in the page is told in the terminal, and shown. */
  #ownMistakes() {
    addEventListener('error', ({ error, message }) => this.#wrong(error ?? message));
    addEventListener('unhandledrejection', ({ reason }) => this.#wrong(reason));
  }
}

const preview = new Preview();
preview.start();
/** For the console of the browser, and for tests. */
Object.assign(globalThis, { preview });
