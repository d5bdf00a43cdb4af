/** Scaffold and its bars, cards, list tiles, dividers. */

import { edges, notNegative, number } from '../layout/values.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { withTheme } from '../theme/components.js';
import { borderShadows, elevationShadow, shape } from '../theme/decoration.js';
import { ownIconButton } from './buttons.js';
import { resolveText, themed } from './scope.js';
import { wordsOf } from './text.js';

/** @import { Build, Widget } from './builder.js' */

const TOOLBAR_HEIGHT = 56;

/** Height that an app bar asks for: its toolbar and what is below it. @param {any} node @returns {number} */
function barHeight(node) {
  if (!node || node.type !== 'appBar') return Infinity;
  return (notNegative(node.toolbarHeight) ?? TOOLBAR_HEIGHT) + bottomHeight(node.bottom);
}

/** @param {any} bottom */
function bottomHeight(bottom) {
  if (!bottom) return 0;
  const tabs = Array.isArray(bottom.tabs) ? bottom.tabs : [];
  if (bottom.type === 'tabBar') return Math.max(46, ...tabs.map((/** @type {any} */ tab) => notNegative(tab?.height) ?? (tab?.icon && (tab?.text || tab?.child) ? 72 : 46))) + (number(bottom.indicatorWeight) ?? 2);
  return TOOLBAR_HEIGHT;
}

/** @type {Build<'scaffold'>} */
function scaffold(w) {
  const { node } = w;
  const drawer = w.state('drawer', '');
  const open = drawer.value === 'end' ? 'endDrawer' : 'drawer';
  const inherited = {
    inScaffold: true, text: themed(w.theme, 'bodyMedium', themeColor('onSurface')),
    openDrawer: node.drawer ? () => drawer.set('start') : null,
  };
  const footer = w.slots('persistentFooterButtons', inherited);
  const close = () => drawer.set('');
  return {
    type: 'scaffoldBox', barHeight: barHeight(node.appBar && withTheme(node.appBar, w.theme.components)) + w.view.safeArea.top, extendBody: node.extendBody, extendBodyBehindAppBar: node.extendBodyBehindAppBar,
    fabLocation: typeof node.floatingActionButtonLocation === 'string' ? node.floatingActionButtonLocation : 'endFloat', drawerAtEnd: drawer.value === 'end',
    look: { css: { backgroundColor: w.color('backgroundColor', themeColor('surface')), color: themeColor('onSurface') } },
    parts: {
      appBar: w.slot('appBar', inherited), body: w.slot('body', inherited), bottomNavigationBar: w.slot('bottomNavigationBar', inherited),
      bottomSheet: w.slot('bottomSheet', inherited), floatingActionButton: w.slot('floatingActionButton', inherited),
      footer: footer.length ? { type: 'container', padding: 8, child: { type: 'overflowBar', alignment: 'end', spacing: 8, children: footer } } : null,
      snackBar: w.page.isTop && !w.scope.inScaffold ? w.view.snackBarNode(w) : null,
      scrim: drawer.value ? { type: 'container', look: { className: 'mp-scrim', css: { backgroundColor: cssColor(node.drawerScrimColor) || 'rgb(0 0 0 / 54%)' }, on: { tap: close } } } : null,
      drawer: drawer.value && node[open] ? w.slot(open, { ...inherited, closeDrawer: close }) : null,
    },
  };
}

/** @param {Widget} w */
function leadingOf(w) {
  const { node } = w;
  const color = w.color('foregroundColor', themeColor('onSurface'));
  if (node.leading) {
    const made = w.slot('leading', { icon: { color, size: 24 }, inBar: color });
    return { type: 'container', width: notNegative(node.leadingWidth) ?? TOOLBAR_HEIGHT, ...(node.leading?.type === 'iconButton' ? { alignment: 'center' } : {}), child: made };
  }
  if (node.automaticallyImplyLeading === false) return null;
  const { openDrawer } = w.scope;
  const own = openDrawer ? ownIconButton(w, 'menu', w.view.words.menu, openDrawer, color) : w.page.canPop ? ownIconButton(w, 'arrow_back', w.view.words.back, () => w.view.back(), color) : null;
  return own && { type: 'container', width: TOOLBAR_HEIGHT, alignment: 'center', child: own };
}

/** @type {Build<'appBar'>} */
function appBar(w) {
  const { node } = w;
  const color = w.color('foregroundColor', themeColor('onSurface'));
  const height = notNegative(node.toolbarHeight) ?? TOOLBAR_HEIGHT;
  const title = w.slot('title', { text: { ...resolveText(node.titleTextStyle, themed(w.theme, 'titleLarge', color), w.theme) }, icon: { color, size: 24 } });
  const inActions = w.color('foregroundColor', themeColor('onSurfaceVariant'));
  const actions = w.slots('actions', { icon: { color: inActions, size: 24 }, inBar: inActions });
  const bar = {
    type: 'toolbarBox', height, spacing: notNegative(node.titleSpacing) ?? 16, center: node.centerTitle === true,
    parts: {
      leading: leadingOf(w), middle: title && { type: 'proxyBox', look: { tag: node.title?.type === 'text' ? 'h1' : 'div' }, child: titleNode(title) },
      trailing: actions.length ? { type: 'container', padding: node.actionsPadding, child: { type: 'row', mainAxisSize: 'min', children: actions } } : null,
    },
  };
  const bottom = w.slot('bottom', { text: w.scope.text });
  const column = { type: 'column', mainAxisSize: 'min', crossAxisAlignment: 'stretch', children: [{ type: 'sizedBox', height, child: bar }, ...(bottom ? [bottom] : [])] };
  const flexible = w.slot('flexibleSpace');
  const content = flexible ? { type: 'stack', fit: 'passthrough', children: [{ type: 'positioned', positionedType: 'fill', child: flexible }, column] } : column;
  return {
    type: 'container', padding: { top: node.primary === false ? 0 : w.view.safeArea.top },
    look: {
      tag: 'header', className: node.forceMaterialTransparency || node.scrolledUnderElevation === 0 ? '' : 'mp-bar-over', css: {
        backgroundColor: node.forceMaterialTransparency ? 'transparent' : w.color('backgroundColor', themeColor('surface')), color, zIndex: '1',
        boxShadow: elevationShadow(number(node.elevation), cssColor(node.shadowColor)) || 'none',
      },
    },
    child: content,
  };
}

/** A title never breaks: it ends in an ellipsis. @param {any} title */
const titleNode = (title) => (title.type === 'text' ? { ...title, look: { ...title.look, tag: 'span' }, softWrap: title.softWrap ?? false, overflow: title.overflow ?? 'ellipsis' } : title);

/** @type {Build<'card'>} */
function card(w) {
  const { node } = w;
  const own = shape(node.shape);
  const lines = own?.side ? borderShadows({ strokeAlign: -1, ...own.side }) : [];
  const shadow = elevationShadow(number(node.elevation) ?? 1, cssColor(node.shadowColor));
  const child = w.slot('child', { text: themed(w.theme, 'bodyMedium', themeColor('onSurface')) });
  return {
    type: 'container', margin: edges(node.margin ?? 4), constraints: {},
    look: {
      css: {
        backgroundColor: w.color('color', themeColor('surfaceContainerLow')), borderRadius: own?.radius ?? '12px', boxShadow: shadow || 'none',
        ...(node.clipBehavior && node.clipBehavior !== 'none' ? { overflow: 'clip' } : {}),
      },
      ...(lines.length ? { over: { boxShadow: lines.join(', '), borderRadius: 'inherit' } } : {}),
    },
    child: child ?? { type: 'sizedBox', width: 0, height: 0 },
  };
}

/** @type {Build<'listTile'>} */
function listTile(w) {
  const { node } = w;
  const enabled = node.enabled !== false;
  const faded = themeColor('onSurface', 0.38);
  const chosen = node.selected ? cssColor(node.selectedColor) || themeColor('primary') : '';
  const color = (/** @type {string} */ name, /** @type {string} */ standard) => (!enabled ? faded : chosen || cssColor(w.raw[name]) || standard);
  const titleColor = color('textColor', themeColor('onSurface'));
  const minorColor = color('textColor', themeColor('onSurfaceVariant'));
  const icon = { color: color('iconColor', themeColor('onSurfaceVariant')), size: 24 };
  const side = { text: themed(w.theme, 'labelSmall', minorColor), icon, inBar: icon.color };
  const dense = node.dense === true;
  const small = (/** @type {string} */ name, /** @type {string} */ css, /** @type {number} */ size) => (dense ? { ...themed(w.theme, name, css), fontSize: size } : themed(w.theme, name, css));
  const tap = w.action('onTap');
  const press = w.action('onLongPress');
  const on = enabled && (tap || press) ? { ...(tap ? { tap } : {}), ...(press ? { longPress: press } : {}) } : undefined;
  const density = number(node.visualDensity?.vertical) ?? 0;
  const own = shape(node.shape);
  const standard = { left: 16, right: 24, top: 0, bottom: 0 };
  const padding = node.contentPadding != null ? edges(node.contentPadding) : w.view.direction === 'rtl' ? { ...standard, left: 24, right: 16 } : standard;
  const base = dense ? [48, 64, 76] : [56, 72, 88];
  return {
    type: 'container', padding,
    look: {
      className: on ? 'mp-tap' : '', on,
      css: {
        backgroundColor: (node.selected && cssColor(node.selectedTileColor)) || w.color('tileColor', 'transparent'), color: titleColor, ...(on ? { cursor: 'pointer' } : {}),
        ...(own ? { borderRadius: own.radius, boxShadow: borderShadows({ strokeAlign: -1, ...own.side }).join(', ') || 'none' } : {}),
      },
      ...(on ? { cover: wordsOf({ title: node.title, subtitle: node.subtitle }) || 'list item', coverAttributes: node.selected ? { 'aria-current': 'true' } : {} } : {}),
    },
    child: {
      type: 'listTileBox', jsonPath: w.path, threeLine: node.isThreeLine === true, dense, gap: notNegative(node.horizontalTitleGap) ?? 16, minLeading: notNegative(node.minLeadingWidth) ?? 24,
      minVertical: notNegative(node.minVerticalPadding) ?? 8, align: node.titleAlignment, least: (node.isThreeLine ? base[2] : node.subtitle ? base[1] : base[0]) + 4 * density,
      parts: {
        leading: w.slot('leading', side), title: w.slot('title', { text: small('bodyLarge', titleColor, 13), icon }),
        subtitle: w.slot('subtitle', { text: small('bodyMedium', minorColor, 12), icon }), trailing: w.slot('trailing', side),
      },
    },
  };
}

/** @param {boolean} vertical @returns {Build} */
const divider = (vertical) => (w) => {
  const { node } = w;
  const across = notNegative(vertical ? node.width : node.height) ?? 16;
  const thickness = notNegative(node.thickness) ?? 1;
  const [start, end] = [notNegative(node.indent) ?? 0, notNegative(node.endIndent) ?? 0];
  const line = {
    type: 'container', [vertical ? 'width' : 'height']: thickness, margin: vertical ? { top: start, bottom: end } : w.view.direction === 'rtl' ? { left: end, right: start } : { left: start, right: end },
    look: { css: { backgroundColor: w.color('color', themeColor('outlineVariant')), ...(thickness === 0 ? { minHeight: vertical ? '' : '1px', minWidth: vertical ? '1px' : '' } : {}) } },
  };
  return { type: 'sizedBox', [vertical ? 'width' : 'height']: across, look: { attributes: { role: 'separator', ...(vertical ? { 'aria-orientation': 'vertical' } : {}) } }, child: { type: 'center', child: line } };
};

/** @type {Record<string, Build>} */
export const SURFACES = {
  scaffold, appBar, card, listTile, divider: divider(false), verticalDivider: divider(true),
  safeArea: (w) => w.native(),
};
