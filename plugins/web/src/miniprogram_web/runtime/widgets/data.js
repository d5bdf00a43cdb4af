/** Widgets that depend on data: conditional, setValue, dynamicView, networkWidget, and the platform's backend and auth builders. */

import { at, bind, fill, substitute } from '../bindings/bindings.js';
import { holds } from '../bindings/condition.js';
import { nodes } from '../layout/values.js';

/** @import { Build, Widget } from './builder.js' */

export const NOTHING = Object.freeze({ type: 'sizedBox', width: 0, height: 0 });

/** @type {Build<'conditional'>} */
function conditional(w) {
  const found = holds(w.node.condition);
  if (found === null) w.view.warn({ code: 'condition', path: `${w.path}.condition`, message: `The condition "${String(w.node.condition).slice(0, 100)}" is neither true nor false.` });
  return w.slot(found ? 'ifTrue' : 'ifFalse') ?? NOTHING;
}

/** Writes to the registry once, and what is inside sees it. @type {Build<'setValue'>} */
function setValue(w) {
  const key = `${w.path} child`;
  if (!w.page.state.has(key)) {
    for (const { key: name, value } of nodes(w.node.values)) if (typeof name === 'string') w.view.registry.set(name, value);
    w.page.state.set(key, substitute(w.node.child, w.view.registry));
  }
  return w.builder.build(w.page.state.get(key), `${w.path}.child`, w.scope) ?? NOTHING;
}

/** @param {Widget} w */
export const spinner = (w) => ({ type: 'center', child: w.builder.build({ type: 'circularProgressIndicator' }, w.path, w.scope) });

/** What a request gave, asked for once. @param {Widget} w @returns {{status: 'loading' | 'done' | 'failed', data?: any}} */
export function requested(w) {
  const key = `${w.path} request ${JSON.stringify(w.node.request ?? null)}`;
  const known = w.page.state.get(key);
  if (known) return known;
  const loading = { status: /** @type {const} */ ('loading') };
  w.page.state.set(key, loading);
  const keep = (/** @type {any} */ result) => {
    if (w.page.state.get(key) !== loading) return;
    w.page.state.set(key, result);
    w.view.refresh();
  };
  w.view.request(w.node.request, w.scope.form).then(
    ({ ok, data }) => keep(ok ? { status: 'done', data } : { status: 'failed' }), () => keep({ status: 'failed' }));
  return loading;
}

/** Whether there is nothing to show: no data, or a list in it without members. @param {any} data */
const isEmpty = (data) => data === null || data === undefined || (Array.isArray(data) ? data.length === 0 : typeof data === 'object' && Object.values(data).some((each) => Array.isArray(each) && !each.length));

/** @type {Build<'dynamicView'>} */
function dynamicView(w) {
  const { node } = w;
  const { status, data } = requested(w);
  if (status === 'loading') return w.slot('loaderWidget') ?? spinner(w);
  if (status === 'failed') return w.slot('errorWidget') ?? NOTHING;
  const path = typeof node.targetPath === 'string' ? node.targetPath : '';
  const found = path ? at(data, path) : data;
  if (node.emptyTemplate && isEmpty(found)) return w.slot('emptyTemplate') ?? NOTHING;
  const wrap = (/** @type {any} */ each) => (node.resultTarget ? { [node.resultTarget]: each } : each);
  const { itemTemplate, ...root } = node.template ?? {};
  const made = itemTemplate && Array.isArray(found)
    ? { ...root, children: [...nodes(root.children), ...found.filter((each) => each && typeof each === 'object').map((each) => fill(itemTemplate, wrap(each)))] }
    : fill(node.template, Array.isArray(found) && !node.resultTarget ? {} : wrap(found));
  return w.builder.build(made, `${w.path}.template`, w.scope) ?? NOTHING;
}

/** @type {Build<'networkWidget'>} */
function networkWidget(w) {
  const { status, data } = requested(w);
  if (status === 'loading') return w.slot('loadingWidget') ?? spinner(w);
  if (status === 'failed') return w.slot('errorWidget') ?? NOTHING;
  return w.builder.build(data, w.path, w.scope) ?? NOTHING;
}

/** @type {Build<'miniProgramBackendBuilder'>} */
function miniProgramBackendBuilder(w) {
  const { node } = w;
  const { backend } = w.view;
  const asked = { requestId: String(node.requestId ?? ''), endpoint: String(node.endpoint ?? ''), method: String(node.method || 'GET').toUpperCase(), body: node.body ?? {}, cacheTtlSeconds: node.cacheTtlSeconds, forceRefresh: node.forceRefresh === true };
  const key = `${w.path} backend`;
  const signature = JSON.stringify(asked);
  const first = w.page.state.get(key) !== signature;
  if (first) w.page.state.set(key, signature);
  const snapshot = backend.snapshot(asked.requestId);
  if (first && (snapshot.idle || asked.forceRefresh || backend.endpointOf(asked.requestId) !== asked.endpoint)) void backend.query(asked);
  const now = backend.snapshot(asked.requestId);
  const roots = { backend: backend.snapshots(), auth: w.view.auth.binding() };
  const show = (/** @type {string} */ slot) => (w.raw[slot] ? w.builder.build(bind(w.raw[slot], roots), `${w.path}.${slot}`, w.scope) : null);
  if ((now.idle || now.loading) && !now.hasData) return show('loading') ?? spinner(w);
  if (now.failed) return show('error') ?? show('child') ?? NOTHING;
  if (!node.itemTemplate) return show('child') ?? NOTHING;
  const items = at(now, String(node.itemsPath || 'data.items'));
  if (!Array.isArray(items) || !items.length) return show('empty') ?? NOTHING;
  const children = items.map((each, index) => w.builder.build(
    bind(node.itemTemplate, { ...roots, item: each && typeof each === 'object' && !Array.isArray(each) ? each : { value: each } }), `${w.path}.itemTemplate[${index}]`, w.scope)).filter((each) => each !== null);
  return { type: 'column', mainAxisSize: 'min', crossAxisAlignment: 'stretch', children };
}

/** @type {Build<'miniProgramAuthBuilder'>} */
function miniProgramAuthBuilder(w) {
  const auth = w.view.auth.binding();
  const roots = { backend: w.view.backend.snapshots(), auth };
  const show = (/** @type {string} */ slot) => (w.raw[slot] ? w.builder.build(bind(w.raw[slot], roots), `${w.path}.${slot}`, w.scope) : null);
  if (auth.loading) return show('loading') ?? NOTHING;
  if (auth.authenticated) return show('signedIn') ?? NOTHING;
  return (auth.error ? show('error') : null) ?? show('signedOut') ?? NOTHING;
}

/** @type {Record<string, Build>} */
export const DATA = { conditional, setValue, dynamicView, networkWidget, miniProgramBackendBuilder, miniProgramAuthBuilder };
