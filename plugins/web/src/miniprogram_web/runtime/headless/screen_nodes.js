/**
 * A screen of Stac JSON as the layout nodes that a browser gets, built by the same widgets, where nothing is drawn: what it is like at
 * first, in Material 3's own theme, with its backend's data there and no picture loaded yet.
 */

import { bind, substitute } from '../bindings/bindings.js';
import { makeTheme } from '../theme/theme.js';
import { Page } from '../view/page.js';
import { ENGLISH } from '../view/words.js';
import { Builder, loadAll, register } from '../widgets/builder.js';
import { outermost } from '../widgets/scope.js';
import '../widgets/all.js';
import { robotoMeasurer } from './roboto.js';

/** @typedef {import('../layout/types.js').LayoutNode} LayoutNode */
/** @typedef {{textScale?: number, direction?: 'ltr' | 'rtl'}} Looks */

await loadAll();

/** Shown as it is with data in it: what it shows while it waits is seldom what does not fit. @type {import('../widgets/builder.js').Build} */
function miniProgramBackendBuilder(w) {
  const slot = ['itemTemplate', 'child', 'loading'].find((name) => w.raw[name]);
  const built = slot ? w.builder.build(bind(w.raw[slot], { backend: {}, auth: {}, item: {} }), `${w.path}.${slot}`, w.scope) : null;
  return built ?? { type: 'sizedBox', width: 0, height: 0 };
}

register({ miniProgramBackendBuilder });

const never = new Promise(() => {});

/** What widgets ask of a view, at rest: nothing comes, nothing goes. @param {Looks} looks @param {(warning: any) => void} warn @returns {any} */
function viewAtRest({ textScale = 1, direction = 'ltr' }, warn) {
  return {
    textScale, direction, theme: makeTheme(), words: ENGLISH, safeArea: { left: 0, top: 0, right: 0, bottom: 0 }, dragStart: { x: 0, y: 0 }, options: {},
    registry: new Map(), measurer: robotoMeasurer(), icons: { glyph: () => '' }, pictures: { get: () => ({ natural: null, failed: false }) },
    auth: { binding: () => ({ status: 'signedOut', authenticated: false, loading: false, signedOut: true, error: false }) }, backend: { snapshots: () => ({}) },
    imageUrl: () => '', frameUrl: () => '', snackBarNode: () => null, request: () => never, run: () => never, refresh() {}, back() {}, warn,
  };
}

/** @param {any} document  Stac JSON @param {Looks} [looks] @param {(warning: any) => void} [warn]  told what widgets warn of @returns {LayoutNode} */
export function screenNode(document, looks = {}, warn = () => {}) {
  const view = viewAtRest(looks, warn);
  const page = new Page(substitute(document, view.registry));
  page.isTop = true;
  return new Builder(view, page).build(page.document, '$', outermost(view.theme)) ?? { type: 'sizedBox' };
}
