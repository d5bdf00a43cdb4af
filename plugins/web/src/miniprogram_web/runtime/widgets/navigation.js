/** Tabs and bottom bars, and the controllers above them. */

import { RESOLVED } from '../layout/text_style.js';
import { edges, nodes, notNegative, number } from '../layout/values.js';
import { themeColor } from '../theme/colors.js';
import { elevationShadow } from '../theme/decoration.js';
import { resolveText, themed } from './scope.js';
import { wordsOf } from './text.js';

/** @import { Build, Widget } from './builder.js' */
/** @typedef {import('./scope.js').Controller} Controller */

/** @param {'tabs' | 'pages'} kind @returns {Build} */
const controller = (kind) => (w) => {
  const length = Math.max(1, number(w.node.length) ?? 1);
  const index = w.state('index', number(w.node.initialIndex) ?? 0);
  return w.native({}, { [kind]: { index: Math.min(Math.max(0, index.value), length - 1), length, path: w.path, show: index.set } });
};

/** The controller around, or one of the widget's own. @param {Widget} w @returns {Controller} */
function tabsOf(w) {
  const own = w.state('index', number(w.node.initialIndex) ?? 0);
  return w.scope.tabs ?? { index: own.value, length: nodes(w.node.tabs ?? w.node.children).length, path: w.path, show: own.set };
}

/** Arrow keys move between tabs. @param {number} count @param {(index: number) => void} show @param {number} index @param {boolean} rightToLeft */
const arrows = (count, show, index, rightToLeft) => (/** @type {KeyboardEvent} */ event) => {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (!step || !count) return;
  const next = (index + (rightToLeft ? -step : step) + count) % count;
  show(next);
  const list = /** @type {HTMLElement} */ (event.target).closest('[role=tablist]');
  /** @type {HTMLElement | undefined} */ (list?.querySelectorAll('[role=tab]')[next])?.focus();
};

/** @type {Build<'tabBar'>} */
function tabBar(w) {
  const { node } = w;
  const tabs = tabsOf(w);
  const items = nodes(node.tabs);
  const rightToLeft = w.view.direction === 'rtl';
  const weight = notNegative(node.indicatorWeight) ?? 2;
  const height = Math.max(46, ...items.map((tab) => notNegative(tab?.height) ?? (tab?.icon && (tab?.text || tab?.child) ? 72 : 46)));
  const scrollable = node.isScrollable === true;
  const padding = edges(node.labelPadding ?? [16, 0, 16, 0]);
  const cells = items.map((tab, at) => {
    const chosen = at === tabs.index;
    const color = chosen ? w.color('labelColor', themeColor('primary')) : w.color('unselectedLabelColor', themeColor('onSurfaceVariant'));
    const style = resolveText(chosen ? node.labelStyle : node.unselectedLabelStyle ?? node.labelStyle, themed(w.theme, 'titleSmall', color), w.theme);
    const child = w.builder.build(tab, `${w.path}.tabs[${at}]`, { ...w.scope, text: { ...style, paint: { ...style.paint, color } }, icon: { color, size: 24 } });
    const line = (/** @type {number} */ thickness, /** @type {string} */ corners) => ({ type: 'container', height: thickness, look: { css: { backgroundColor: chosen ? w.color('indicatorColor', themeColor('primary')) : 'transparent', borderRadius: corners } } });
    const label = { type: 'container', alignment: 'center', child: child ?? undefined, jsonPath: w.path };
    const under = (/** @type {any} */ made, /** @type {any} */ below) => ({
      type: 'stack', clipBehavior: 'none', children: [
        { type: 'padding', padding: { bottom: weight }, child: { type: 'sizedBox', height, child: made } },
        { type: 'positioned', left: 0, right: 0, bottom: 0, child: below },
      ],
    });
    // The line below is as wide as the label, unless it is to be as wide as the tab.
    const content = node.indicatorSize === 'tab'
      ? under({ type: 'padding', padding, child: label }, line(weight, '0'))
      : { type: 'padding', padding, child: { type: 'center', widthFactor: 1, child: { type: 'intrinsicWidth', child: under(label, line(weight + 1, '3px 3px 0 0')) } } };
    const look = {
      tag: 'button', className: 'mp-tap', css: { color }, on: { tap: () => tabs.show(at), keydown: arrows(items.length, tabs.show, at, rightToLeft) },
      attributes: { role: 'tab', 'aria-selected': String(chosen), tabindex: chosen ? '0' : '-1', 'aria-label': wordsOf(tab) || String(tab?.text ?? '') || `${at + 1}` },
    };
    const box = { type: 'container', look, child: content, jsonPath: `${w.path}.tabs[${at}]` };
    return scrollable ? { type: 'intrinsicWidth', child: box } : { type: 'expanded', child: box };
  });
  const row = { type: 'row', crossAxisAlignment: 'stretch', children: cells, ...(scrollable ? { mainAxisSize: 'min' } : {}) };
  const divider = notNegative(node.dividerHeight) ?? 1;
  return {
    type: 'container', height: height + weight, padding: node.padding, jsonPath: w.path,
    look: { attributes: { role: 'tablist', 'aria-label': 'tabs' }, css: { boxShadow: divider ? `inset 0 -${divider}px 0 0 ${w.color('dividerColor', themeColor('outlineVariant'))}` : 'none' } },
    child: scrollable ? { type: 'singleChildScrollView', scrollDirection: 'horizontal', child: { type: 'sizedBox', height: height + weight, child: row } } : row,
  };
}

/** @type {Build<'tab'>} */
function tab(w) {
  const { node } = w;
  const icon = w.slot('icon');
  const label = typeof node.text === 'string' ? w.text(node.text, w.scope.text, undefined, { softWrap: false, overflow: 'fade' }) : w.slot('child');
  const parts = [icon && label ? { type: 'padding', padding: node.iconMargin ?? { bottom: 2 }, child: icon } : icon, label].filter((each) => each !== null);
  return { type: 'center', heightFactor: 1, widthFactor: 1, child: { type: 'column', mainAxisSize: 'min', mainAxisAlignment: 'center', children: parts } };
}

/** Shows one page at a time, and lets a finger push to the next. @type {Build<'tabBarView'>} */
function tabBarView(w) {
  const tabs = tabsOf(w);
  const children = nodes(w.node.children);
  const at = Math.min(tabs.index, Math.max(0, children.length - 1));
  const page = w.builder.build(children[at], `${w.path}.children[${at}]`, w.scope);
  const step = (/** @type {number} */ by) => { if (at + by >= 0 && at + by < children.length) tabs.show(at + by); };
  return {
    type: 'container', constraints: { minWidth: 'infinity', maxWidth: 'infinity', minHeight: 'infinity', maxHeight: 'infinity' },
    look: { attributes: { role: 'tabpanel' }, css: { overflow: 'clip', touchAction: 'pan-y' }, on: { horizontalDragStart: (/** @type {PointerEvent} */ event) => step(Math.sign(w.view.dragStart.x - event.clientX) * (w.view.direction === 'rtl' ? -1 : 1)) } },
    child: page ?? undefined,
  };
}

/** Icon over label, for each item of a bar. @param {Widget} w @param {any[]} items @param {Controller | null} pages @param {number} at @param {boolean} chosen */
function barItem(w, items, pages, at, chosen) {
  const { node } = w;
  const item = items[at] ?? {};
  const chosenColor = w.color('selectedItemColor') || w.color('fixedColor') || themeColor('primary');
  const color = chosen ? chosenColor : w.color('unselectedItemColor', themeColor('onSurfaceVariant'));
  const size = notNegative(node.iconSize) ?? 24;
  const slot = chosen && item.activeIcon ? 'activeIcon' : 'icon';
  const icon = w.builder.build(item[slot], `${w.path}.items[${at}].${slot}`, { ...w.scope, icon: { color, size } });
  const big = notNegative(node.selectedFontSize) ?? 14;
  const small = notNegative(node.unselectedFontSize) ?? 12;
  const shows = chosen ? node.showSelectedLabels !== false : node.showUnselectedLabels ?? (barKind(node, items.length) === 'fixed');
  const base = { ...w.theme.texts.bodyMedium, height: 1, letterSpacing: 0, paint: { color }, [RESOLVED]: true, fontSize: chosen ? big : small };
  const style = resolveText(chosen ? node.selectedLabelStyle : node.unselectedLabelStyle, base, w.theme);
  const label = w.text(String(item.label ?? ''), style, color, { softWrap: false, maxLines: 1, overflow: 'ellipsis' });
  const children = [icon ?? { type: 'sizedBox', height: size }, ...(shows ? [{ type: 'padding', padding: { top: 4 }, child: label }] : [])];
  return {
    type: 'expanded', child: {
      type: 'container', alignment: 'center', jsonPath: `${w.path}.items[${at}]`,
      look: { tag: 'button', className: 'mp-tap', css: { color }, attributes: { 'aria-label': String(item.tooltip ?? item.label ?? at + 1), 'aria-current': chosen ? 'page' : null }, on: { tap: () => pages?.show(at) } },
      child: { type: 'column', mainAxisSize: 'min', children },
    },
  };
}

/** @param {any} node @param {number} count */
const barKind = (node, count) => node.bottomNavigationBarType ?? node.barType ?? (count <= 3 ? 'fixed' : 'shifting');

/** @type {Build<'bottomNavigationBar'>} */
function bottomNavigationBar(w) {
  const { pages } = w.scope;
  const items = nodes(w.node.items);
  const index = pages?.index ?? 0;
  return {
    type: 'container', height: 56 + w.view.safeArea.bottom, padding: { bottom: w.view.safeArea.bottom },
    look: { tag: 'nav', attributes: { 'aria-label': 'main' }, css: { backgroundColor: w.color('backgroundColor', themeColor('surface')), boxShadow: elevationShadow(number(w.node.elevation) ?? 8), zIndex: '1' } },
    child: { type: 'row', crossAxisAlignment: 'stretch', children: items.map((_, at) => barItem(w, items, pages, at, at === index)) },
  };
}

/** The child that the bar below chose. @type {Build<'bottomNavigationView' | 'navigationView'>} */
function bottomNavigationView(w) {
  const children = nodes(w.node.children);
  const at = Math.min(w.scope.pages?.index ?? 0, Math.max(0, children.length - 1));
  return w.builder.build(children[at], `${w.path}.children[${at}]`, w.scope) ?? { type: 'sizedBox' };
}

/** @type {Record<string, Build>} */
export const NAVIGATION = {
  defaultTabController: controller('tabs'), defaultBottomNavigationController: controller('pages'), defaultNavigationController: controller('pages'),
  tabBar, tab, tabBarView, bottomNavigationBar, bottomNavigationView, navigationView: bottomNavigationView,
};
