/** Widgets that few screens have: loaded when the first screen names one of them. Their types are in `later.js`. */

import { at, fill } from '../bindings/bindings.js';
import { CAROUSEL_RULES } from '../layout/carousel.js';
import { addParts } from '../layout/engine.js';
import { length, nodes, notNegative, number } from '../layout/values.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { elevationShadow, shape } from '../theme/decoration.js';
import { ownIconButton } from './buttons.js';
import { NOTHING, requested, spinner } from './data.js';
import { dropdownMenu } from './dropdown.js';
import { resolveText, themed } from './scope.js';
import { slider } from './slider.js';
import { wordsOf } from './text.js';

/** @import { Build } from './builder.js' */

/** Material 3's bar, with a pill behind the chosen icon. @type {Build<'navigationBar'>} */
function navigationBar(w) {
  const { pages } = w.scope;
  const items = nodes(w.node.destinations);
  const own = w.state('index', number(w.node.selectedIndex) ?? 0);
  const index = pages?.index ?? own.value;
  const destinations = items.map((item, at) => {
    const chosen = at === index;
    const color = chosen ? themeColor('onSurface') : themeColor('onSurfaceVariant');
    const slot = chosen && item?.selectedIcon ? 'selectedIcon' : 'icon';
    const icon = w.builder.build(item?.[slot], `${w.path}.destinations[${at}].${slot}`, { ...w.scope, icon: { color: chosen ? themeColor('onSecondaryContainer') : themeColor('onSurfaceVariant'), size: 24 } });
    const shows = w.node.labelBehavior === 'alwaysHide' ? false : w.node.labelBehavior === 'onlyShowSelected' ? chosen : true;
    const pill = { type: 'container', width: 64, height: 32, alignment: 'center', child: icon ?? undefined, look: { css: { borderRadius: '16px', backgroundColor: chosen ? w.color('indicatorColor', themeColor('secondaryContainer')) : 'transparent' } } };
    const label = w.text(String(item?.label ?? ''), resolveText(w.node.labelTextStyle, themed(w.theme, 'labelMedium', color), w.theme), undefined, { maxLines: 1, overflow: 'ellipsis' });
    return {
      type: 'expanded', child: {
        type: 'container', alignment: 'center', jsonPath: `${w.path}.destinations[${at}]`,
        look: { tag: 'button', className: 'mp-tap', css: { color }, attributes: { 'aria-label': String(item?.label ?? at + 1), 'aria-current': chosen ? 'page' : null, disabled: item?.enabled === false }, on: { tap: () => (pages ? pages.show(at) : own.set(at)) } },
        child: { type: 'column', mainAxisSize: 'min', children: [pill, ...(shows ? [{ type: 'padding', padding: { top: 4 }, child: label }] : [])] },
      },
    };
  });
  return {
    type: 'container', height: (notNegative(w.node.height) ?? 80) + w.view.safeArea.bottom, padding: { bottom: w.view.safeArea.bottom },
    look: { tag: 'nav', attributes: { 'aria-label': 'main' }, css: { backgroundColor: w.color('backgroundColor', themeColor('surfaceContainer')), zIndex: '1' } },
    child: { type: 'row', crossAxisAlignment: 'stretch', children: destinations },
  };
}

/** @type {Build<'sliverAppBar'>} */
function sliverAppBar(w) {
  const { node } = w;
  const color = w.color('foregroundColor', themeColor('onSurface'));
  const least = notNegative(node.collapsedHeight) ?? notNegative(node.toolbarHeight) ?? 56;
  const most = Math.max(least, notNegative(node.expandedHeight) ?? least) + (node.bottom ? 48 : 0);
  const title = w.slot('title', { text: resolveText(node.titleTextStyle, themed(w.theme, 'titleLarge', color), w.theme), icon: { color, size: 24 } });
  const inActions = w.color('foregroundColor', themeColor('onSurfaceVariant'));
  const actions = w.slots('actions', { icon: { color: inActions, size: 24 }, inBar: inActions });
  const leading = w.slot('leading', { icon: { color, size: 24 }, inBar: color }) ?? (node.automaticallyImplyLeading !== false && w.page.canPop ? ownIconButton(w, 'arrow_back', w.view.words.back, () => w.view.back(), color) : null);
  const flexible = w.slot('flexibleSpace');
  const bottom = w.slot('bottom');
  const bar = { type: 'toolbarBox', height: least, spacing: notNegative(node.titleSpacing) ?? 16, center: node.centerTitle === true, parts: { leading: leading && { type: 'container', width: 56, alignment: 'center', child: leading }, middle: title, trailing: actions.length ? { type: 'row', mainAxisSize: 'min', children: actions } : null } };
  const children = [
    ...(flexible ? [{ type: 'positioned', positionedType: 'fill', child: flexible }] : []),
    { type: 'positioned', left: 0, right: 0, top: 0, height: least, child: bar },
    ...(bottom ? [{ type: 'positioned', left: 0, right: 0, bottom: 0, child: bottom }] : []),
  ];
  return {
    type: 'sliverPersistentHeader', minExtent: least, maxExtent: most, pinned: node.pinned === true && most === least, jsonPath: w.path,
    child: { type: 'container', height: most, look: { tag: 'header', css: { backgroundColor: cssColor(node.backgroundColor) || themeColor('surface'), color } }, child: { type: 'stack', children } },
  };
}

/** @type {Build<'badge'>} */
function badge(w) {
  const { node } = w;
  const count = number(node.count);
  const most = number(node.maxCount) ?? 999;
  const text = count !== null ? (count > most ? `${most}+` : String(count)) : null;
  const color = w.color('textColor', themeColor('onError'));
  const style = resolveText(node.textStyle, themed(w.theme, 'labelSmall', color), w.theme);
  const label = text !== null ? w.text(text, style, color) : w.slot('label', { text: style });
  const child = w.slot('child') ?? { type: 'sizedBox' };
  if (node.isLabelVisible === false) return child;
  const size = label ? notNegative(node.largeSize) ?? 16 : notNegative(node.smallSize) ?? 6;
  const mark = {
    type: 'container', height: size, constraints: { minWidth: size, minHeight: size, maxWidth: 'infinity', maxHeight: 'infinity' }, padding: label ? node.padding ?? [4, 0, 4, 0] : 0, look: { css: { backgroundColor: w.color('backgroundColor', themeColor('error')), borderRadius: '9999px' } },
    ...(label ? { child: { type: 'center', widthFactor: 1, child: label } } : {}),
  };
  // Only a square as high as the mark is aligned; a longer mark goes on from its left edge. A dot has no offset.
  const dx = label ? number(node.offset?.dx) ?? (w.view.direction === 'rtl' ? -4 : 4) : 0;
  const dy = label ? number(node.offset?.dy) ?? -4 : 0;
  const square = { type: 'sizedBox', width: size, height: size, child: { type: 'stack', clipBehavior: 'none', children: [{ type: 'positioned', left: dx, top: dy, child: mark }] } };
  return { type: 'stack', clipBehavior: 'none', children: [child, { type: 'positioned', left: 0, top: 0, right: 0, bottom: 0, child: { type: 'align', alignment: node.alignment ?? 'topEnd', child: square } }] };
}

/** @type {Build<'tooltip'>} */
function tooltip(w) {
  const made = w.native();
  const message = String(w.node.message ?? wordsOf({ ...w.node.richMessage, type: 'text' }));
  return { ...made, look: { attributes: message ? { title: message } : {} } };
}

/** Data for everything inside, by id. @type {Build<'dynamicDataProvider'>} */
function dynamicDataProvider(w) {
  const { status, data } = requested(w);
  if (status === 'loading') return w.slot('loaderWidget') ?? spinner(w);
  if (status === 'failed') return w.slot('errorWidget') ?? NOTHING;
  const own = w.node.targetPath ? at(data, w.node.targetPath) : data;
  return w.slot('child', { providers: { ...w.scope.providers, [String(w.node.id)]: own } }) ?? NOTHING;
}

/** @type {Build<'templateBuilder'>} */
function templateBuilder(w) {
  const given = w.node.data ?? w.scope.providers?.[String(w.node.providerId)];
  const list = w.node.dataPath ? at(given, w.node.dataPath) : given;
  if (!Array.isArray(list) || !list.length) return w.slot('emptyWidget') ?? NOTHING;
  const items = list.map((each) => fill(w.node.itemTemplate, each && typeof each === 'object' ? each : { value: each }));
  return w.builder.build({ ...w.node.child, children: [...nodes(w.node.child?.children), ...items] }, `${w.path}.child`, w.scope) ?? NOTHING;
}

/** Another page in the page, only where the program may: else a note. @type {Build<'webView'>} */
function webView(w) {
  const url = w.view.frameUrl(w.node.url);
  const box = { type: 'container', constraints: { minWidth: 'infinity', maxWidth: 'infinity', minHeight: 'infinity', maxHeight: 'infinity' } };
  if (!url) return { ...box, alignment: 'center', look: { css: { backgroundColor: themeColor('surfaceContainer') } }, child: w.text(w.view.words.blocked, 'bodyMedium', themeColor('onSurfaceVariant')) };
  const scripts = w.node.javaScriptMode !== 'disabled' ? 'allow-scripts allow-forms allow-popups' : 'allow-forms';
  return { ...box, look: { tag: 'iframe', css: { border: '0', backgroundColor: w.color('backgroundColor', '#fff') }, attributes: { src: url, sandbox: scripts, title: new URL(url).host, referrerpolicy: 'no-referrer' } } };
}

/** @type {Build<'drawer'>} */
function drawer(w) {
  const { node } = w;
  const own = shape(node.shape);
  const close = w.scope.closeDrawer;
  return {
    type: 'container', constraints: { minWidth: length(node.width) ?? 304, maxWidth: length(node.width) ?? 304, minHeight: 0, maxHeight: 'infinity' },
    look: {
      css: { backgroundColor: w.color('backgroundColor', themeColor('surfaceContainerLow')), borderRadius: own?.radius ?? (w.view.direction === 'rtl' ? '16px 0 0 16px' : '0 16px 16px 0'), overflow: 'clip', boxShadow: elevationShadow(number(node.elevation) ?? 1) },
      attributes: { role: 'dialog', 'aria-modal': 'true', 'aria-label': typeof node.semanticLabel === 'string' ? node.semanticLabel : w.view.words.menu },
      on: { keydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') close?.(); }, click() {} },
    },
    child: w.slot('child') ?? undefined,
  };
}

/** @type {Build<'placeholder'>} */
function placeholder(w) {
  const color = cssColor(w.node.color) || '#455A64';
  const half = (notNegative(w.node.strokeWidth) ?? 2) / 2;
  const line = `${half}px solid ${color}`;
  const cross = ['to top right', 'to bottom right'].map((side) => `linear-gradient(${side}, transparent calc(50% - ${half}px), ${color} calc(50% - ${half}px), ${color} calc(50% + ${half}px), transparent calc(50% + ${half}px))`);
  const child = w.slot('child');
  return {
    type: 'limitedBox', maxWidth: number(w.node.fallbackWidth) ?? 400, maxHeight: number(w.node.fallbackHeight) ?? 400,
    child: { type: 'container', look: { css: { border: line, backgroundImage: cross.join(', ') } }, ...(child ? { child } : {}) },
  };
}

/** @type {Build<'carouselView'>} */
function carouselView(w) {
  const { node } = w;
  const weights = node.carouselType === 'weighted' && Array.isArray(node.flexWeights) ? node.flexWeights.map(notNegative).filter((each) => each) : [];
  const press = w.action('onTap');
  const children = w.slots('children').map((child) => ({ type: 'padding', padding: node.padding ?? 4, child: { type: 'clipRRect', look: { css: { borderRadius: '28px', overflow: 'clip', backgroundColor: w.color('backgroundColor', themeColor('surface')) }, ...(press ? { on: { tap: press }, cover: 'item' } : {}) }, child } }));
  return { type: 'carousel', scrollDirection: node.scrollDirection === 'vertical' ? 'vertical' : 'horizontal', reverse: node.reverse === true, itemExtent: notNegative(node.itemExtent) ?? 330, weights, children };
}

/** How far one pulls until a release refreshes: a sixth of the height, as Flutter's drag of a quarter that is full at two thirds. */
const PULL_SHARE = 1 / 6;

/** What scrolls downwards around an element, no further out than `end`. @param {Element | null} element @param {Element} end */
function scrollerOf(element, end) {
  for (let at = element; at && at !== end; at = at.parentElement) {
    if (/** @type {HTMLElement} */ (at).style.overflowY === 'auto') return at;
  }
  return null;
}

/** Pulled down at its start, it runs an action, and turns until that is done. @type {Build<'refreshIndicator'>} */
function refreshIndicator(w) {
  const { node } = w;
  const running = w.state('refreshing', false);
  const pull = w.state('pull', { from: /** @type {number | null} */ (null), share: 0 }).value;
  w.page.state.set(`${w.path} pull`, pull);
  const child = w.slot('child') ?? { type: 'sizedBox' };
  const label = typeof node.semanticsLabel === 'string' ? node.semanticsLabel : w.view.words.refreshing;
  const ground = w.color('backgroundColor', themeColor('surfaceContainerHigh'));
  const values = { '--disc': ground, '--mark': w.color('color', themeColor('primary')), '--stop': `${number(node.displacement) ?? 40}px`, '--edge': `${number(node.edgeOffset) ?? 0}px` };
  const area = (/** @type {TouchEvent} */ event) => /** @type {HTMLElement} */ (/** @type {Element} */ (event.target).closest('.mp-pull'));
  const move = (/** @type {HTMLElement} */ element, /** @type {number} */ share) => {
    pull.share = share;
    element.style.setProperty('--pull', String(share));
    element.toggleAttribute('data-pulled', share > 0);
  };
  const refresh = async () => {
    running.set(true);
    try {
      await w.view.run(node.onRefresh, { page: w.page, form: w.scope.form, path: w.path });
    } finally {
      running.set(false);
    }
  };
  const on = running.value || !node.onRefresh ? {} : {
    touchstart(/** @type {TouchEvent} */ event) {
      const scroller = scrollerOf(/** @type {Element} */ (event.target), area(event));
      pull.from = event.touches.length === 1 && (!scroller || scroller.scrollTop <= 0) ? event.touches[0].clientY : null;
    },
    touchmove(/** @type {TouchEvent} */ event) {
      if (pull.from === null) return;
      const element = area(event);
      const scroller = scrollerOf(/** @type {Element} */ (event.target), element);
      if (scroller && scroller.scrollTop > 0) pull.from = event.touches[0].clientY;
      move(element, Math.min(Math.max(0, event.touches[0].clientY - pull.from) / (element.clientHeight * PULL_SHARE || 1), 1.5));
    },
    touchend(/** @type {TouchEvent} */ event) {
      const { share } = pull;
      pull.from = null;
      move(area(event), 0);
      if (share >= 1) void refresh();
    },
    touchcancel(/** @type {TouchEvent} */ event) {
      pull.from = null;
      move(area(event), 0);
    },
  };
  const turning = {
    type: 'positioned', left: 0, right: 0, top: (number(node.edgeOffset) ?? 0) + (number(node.displacement) ?? 40), child: {
      type: 'center', heightFactor: 1, child: {
        type: 'container', width: 40, height: 40, padding: 12, jsonPath: w.path, look: { css: { backgroundColor: ground, borderRadius: '50%', boxShadow: elevationShadow(2) }, attributes: { role: 'status', 'aria-label': label } },
        child: w.builder.build({ type: 'circularProgressIndicator', color: node.color, strokeWidth: number(node.strokeWidth) ?? 2.5 }, w.path, w.scope),
      },
    },
  };
  return {
    type: 'stack', fit: 'passthrough', children: [child, ...(running.value ? [turning] : [])],
    look: {
      className: 'mp-pull', on, over: {},
      paint(/** @type {HTMLElement} */ element) {
        for (const [name, value] of Object.entries(values)) element.style.setProperty(name, value);
      },
    },
  };
}

addParts(CAROUSEL_RULES);

/** @type {Record<string, Build>} */
export const RARE = { navigationBar, sliverAppBar, badge, tooltip, dynamicDataProvider, templateBuilder, webView, carouselView, slider, dropdownMenu, drawer, placeholder, refreshIndicator };
