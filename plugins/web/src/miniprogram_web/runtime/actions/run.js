/** Actions of Stac and of the platform, by `actionType`. Each gives its result, which the next one of a list may wait for. */

import { nodes, notNegative } from '../layout/values.js';
import { formValue } from '../widgets/forms.js';
import { substitute } from '../bindings/bindings.js';
import { hostAction } from './host.js';
import { screenAction } from './screens.js';

/**
 * @typedef {object} ActionContext
 * @property {import('../view/page.js').Page} page
 * @property {import('../widgets/forms.js').Form | null} form
 * @property {string} path  of the widget
 * @property {number} [level]
 *
 * @typedef {ActionContext & {view: import('../view/view.js').View}} Running
 */

/** Actions inside actions inside actions … */
const MOST_LEVELS = 50;
const MOST_DELAY_MS = 60_000;

/** The widget of showDialog and its like: the first of three that is there. @param {any} action @param {Running} context */
async function widgetOf(action, { view, form }) {
  if (action.widget ?? action.widgetJson) return action.widget ?? action.widgetJson;
  const fromAsset = async () => (action.assetPath ? load(view, 'loadAsset', String(action.assetPath)) : null);
  const fromRequest = async () => {
    if (!action.request) return null;
    const { ok, data } = await view.request(action.request, form);
    if (!ok || !data || typeof data !== 'object' || Array.isArray(data)) throw new Error('What came is no screen: one JSON object is needed.');
    return data;
  };
  return action.actionType === 'navigate' ? (await fromRequest()) ?? fromAsset() : (await fromAsset()) ?? fromRequest();
}

/** @param {import('../view/view.js').View} view @param {'loadAsset' | 'loadScreen'} how @param {string} name */
export async function load(view, how, name) {
  const loader = view.options[how];
  if (!loader) throw new Error(`"${name}" cannot be loaded here.`);
  return loader(name);
}

/** @param {any} action @param {Running} context */
async function navigate(action, context) {
  const { view } = context;
  const style = String(action.navigationStyle ?? 'push');
  if (style === 'pop') return void view.pop(action.result);
  if (style === 'popAll') return void view.keep(1);
  const routeName = typeof action.routeName === 'string' ? action.routeName : null;
  const document = style.includes('Named') ? null : await widgetOf(action, context);
  if (!document && !routeName) throw new Error('navigate has no destination: widgetJson, request, assetPath or routeName is needed.');
  const shown = document ?? (await load(view, 'loadScreen', /** @type {string} */ (routeName)));
  const more = { screenId: document ? null : routeName };
  if (style.startsWith('pushAndRemoveAll') || style === 'pushNamedAndRemoveAll') {
    view.show(shown, more);
    return undefined;
  }
  const replaced = style.startsWith('pushReplacement') ? view.top : null;
  const result = view.push(shown, more);
  if (replaced) view.pop(action.result, replaced);
  return result;
}

/** @param {'dialog' | 'sheet'} kind */
const overlay = (kind) => async (/** @type {any} */ action, /** @type {Running} */ context) => {
  const document = await widgetOf(action, context);
  if (!document) throw new Error(`${action.actionType} has nothing to show: widget, assetPath or request is needed.`);
  return context.view.push(document, { kind, options: action });
};

/** @type {Record<string, (action: any, context: Running) => any>} */
const ACTIONS = {
  none: () => undefined,
  /** The runtime's own: what the error screen's button does. */
  miniProgramReload: (_action, { view }) => view.reload(),
  navigate,
  pop: (action, { view }) => void view.pop(action.result),
  showDialog: overlay('dialog'),
  showModalBottomSheet: overlay('sheet'),
  showSnackBar: (action, { view, page }) => { void page; view.showSnackBar(action); },
  setValue(action, context) {
    const { registry } = context.view;
    for (const { key, value } of nodes(action.values)) {
      if (typeof key !== 'string') continue;
      if (value === null || value === undefined) registry.delete(key);
      else registry.set(key, value && typeof value === 'object' && value.actionType === 'getFormValue' ? formValue(context.form, value.id) : value);
    }
    return action.action ? run(substitute(action.action, registry), context) : undefined;
  },
  validateForm(action, context) {
    const { form, view } = context;
    if (form) {
      form.validated = true;
      view.refresh();
    }
    return run(form?.isValid() ? action.isValid : action.isNotValid, context);
  },
  getFormValue: (action, { form }) => formValue(form, action.id),
  async networkRequest(action, context) {
    const { status, data } = await context.view.request(action, context.form);
    const found = nodes(action.results).find((each) => each?.statusCode === status);
    if (found) return run(found.action, context);
    if (nodes(action.results).length) throw new Error(`No entry of "results" is for status ${status}.`);
    return data;
  },
  async multiAction(action, context) {
    const all = nodes(action.actions);
    if (action.sync !== true) return Promise.all(all.map((each) => run(each, context)));
    const results = [];
    for (const each of all) results.push(await run(each, context));
    return results;
  },
  delay: (action) => new Promise((resolve) => { setTimeout(resolve, Math.min(notNegative(action.milliseconds) ?? 1000, MOST_DELAY_MS)); }),
  hostAction: (action, { view }) => hostAction(view.options.host, action),
  miniProgramNavigation: (action, { view }) => screenAction(view, action),
  miniProgramBackend: (action, { view }) => view.backend.call(action),
  miniProgramBackendQuery: (action, { view }) => view.backend.query(action),
  miniProgramAuth: async (action, { view }) => (await view.signing()).run(action),
};

/** @param {any} action @param {Running} context @returns {Promise<any>} */
async function run(action, context) {
  const { view, path, level = 0 } = context;
  if (!action || typeof action !== 'object' || Object.keys(action).length === 0) return undefined;
  if (level > MOST_LEVELS) throw new Error(`Actions are nested more than ${MOST_LEVELS} levels deep.`);
  const type = String(action.actionType ?? '');
  if (!Object.hasOwn(ACTIONS, type)) {
    view.warn({ code: 'unknown_action', path, message: type ? `The action "${type}" is not known: nothing happens.` : 'An action without an actionType: nothing happens.' });
    return undefined;
  }
  view.event('action', { actionType: type, action, path });
  const result = await ACTIONS[type](action, { ...context, level: level + 1 });
  if (result && typeof result === 'object' && 'status' in result) view.event('result', { actionType: type, result, path });
  return result;
}

/** Run an action. Rejects with what went wrong. @param {any} action @param {Running} context */
export const runAction = (action, context) => run(action, context);

/** Every action that a document may have. */
export const ACTION_TYPES = Object.freeze(Object.keys(ACTIONS));
