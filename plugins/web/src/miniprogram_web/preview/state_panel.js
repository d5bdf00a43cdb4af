/** What the mini-program knows: values of bindings, forms, answers of its backend, who is signed in. All of it may be changed. */

import { fill, h, iconButton } from './dom.js';
import { jsonField, section } from './controls.js';
import { Form } from '../runtime/widgets/forms.js';

export class StatePanel {
  /** @param {{view: () => import('../runtime/view/view.js').View | null, signIn: (on: boolean) => void, bindAgain: () => void, refresh: () => void}} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {HTMLElement} element */
  draw(element) {
    const view = this.parts.view();
    if (!view) return fill(element, h('p', { class: 'empty' }, 'Nothing runs yet.'));
    fill(element, this.#bindings(view), this.#forms(view), this.#backend(view), this.#auth(view));
  }

  /** @param {import('../runtime/view/view.js').View} view */
  #bindings(view) {
    const rows = [...view.registry].map(([name, value]) => h('div', { class: 'entry' }, h('code', {}, `{{${name}}}`), jsonField(name, value, (next) => { view.registry.set(name, next); this.parts.bindAgain(); }), iconButton('trash', `Remove ${name}`, () => { view.registry.delete(name); this.parts.bindAgain(); })));
    return section('Values', ...rows, !rows.length && h('p', { class: 'empty' }, 'setValue has set none.'), this.#adding('Name of a value', (name) => { view.registry.set(name, ''); this.parts.bindAgain(); }));
  }

  /** @param {import('../runtime/view/view.js').View} view */
  #forms(view) {
    const forms = view.pages.flatMap((page) => [...page.state].filter(([, value]) => value instanceof Form).map(([key, form]) => ({ page, key, form: /** @type {Form} */ (form) })));
    const rows = forms.flatMap(({ page, form }) => [...form.values].map(([id, value]) => h('div', { class: 'entry' }, h('code', {}, `${page.screenId ?? page.kind} · ${id}`), jsonField(id, value, (next) => { form.values.set(id, next); view.refresh(); }))));
    return section('Forms', ...rows, !rows.length && h('p', { class: 'empty' }, 'Nothing is filled in.'));
  }

  /** @param {import('../runtime/view/view.js').View} view */
  #backend(view) {
    const rows = Object.entries(view.backend.snapshots()).map(([id, snapshot]) => h('div', { class: 'entry' },
      h('div', { class: 'row' }, h('code', {}, `backend.${id}`), h('span', { class: `kind ${snapshot.failed ? 'warning' : 'info'}` }, snapshot.status), h('span', { class: 'quiet' }, `${snapshot.method ?? ''} ${snapshot.endpoint ?? ''}`)),
      jsonField(`Data of ${id}`, snapshot.data, (data) => view.backend.override(id, data))));
    return section('Answers of the backend', ...rows, !rows.length && h('p', { class: 'empty' }, 'Nothing was asked for.'), this.#adding('Request id', (id) => view.backend.override(id, {})));
  }

  /** @param {import('../runtime/view/view.js').View} view */
  #auth(view) {
    const auth = view.auth.binding();
    const { signIn, refresh } = this.parts;
    if (!view.options.auth) return section('Signed in', h('p', { class: 'empty' }, 'The host has no capability "auth".'));
    const act = async (/** @type {boolean} */ signedIn) => {
      signIn(signedIn);
      await (await view.signing()).restore();
      refresh();
    };
    return section('Signed in',
      h('div', { class: 'row' }, h('span', { class: 'kind info' }, auth.status), h('span', { class: 'quiet' }, auth.user?.email ?? ''), h('button', { type: 'button', class: 'link', onClick: () => void act(!auth.authenticated) }, auth.authenticated ? 'Sign out' : 'Sign in as ann@example.com')));
  }

  /** A new name, and what to do with it. @param {string} label @param {(name: string) => void} add */
  #adding(label, add) {
    const field = h('input', { placeholder: label, 'aria-label': label });
    return h('form', { class: 'row adding', onSubmit: (/** @type {Event} */ event) => { event.preventDefault(); if (field.value.trim()) { add(field.value.trim()); field.blur(); this.parts.refresh(); } } }, field, iconButton('plus', `Add: ${label}`, () => {}, { type: 'submit' }));
  }

}
