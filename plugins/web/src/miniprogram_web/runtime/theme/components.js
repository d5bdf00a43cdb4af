/** Component themes: what widgets of a type have that do not say it themselves, from the theme document. */

/** By type: the part of the theme document whose values have the names of the widget's own. @type {Readonly<Record<string, string>>} */
const PARTS = Object.freeze({
  alertDialog: 'dialogTheme', appBar: 'appBarTheme', badge: 'badgeTheme', bottomNavigationBar: 'bottomNavigationBarTheme', card: 'cardTheme', checkBox: 'checkboxTheme',
  chip: 'chipTheme', divider: 'dividerTheme', drawer: 'drawerTheme', floatingActionButton: 'floatingActionButtonTheme', icon: 'iconTheme', listTile: 'listTileTheme',
  navigationBar: 'navigationBarTheme', sliverAppBar: 'appBarTheme', tabBar: 'tabBarTheme',
});

/** By type: a value of the widget whose own values win over those of the theme's part. @type {Readonly<Record<string, [string, string]>>} */
const INSIDE = Object.freeze({
  elevatedButton: ['style', 'elevatedButtonTheme'], filledButton: ['style', 'filledButtonTheme'], iconButton: ['style', 'iconButtonTheme'],
  outlinedButton: ['style', 'outlinedButtonTheme'], textButton: ['style', 'textButtonTheme'],
  textField: ['decoration', 'inputDecorationTheme'], textFormField: ['decoration', 'inputDecorationTheme'],
});

const isMap = (/** @type {any} */ value) => Boolean(value) && typeof value === 'object' && !Array.isArray(value);

/** A node with what the theme document says about its type. @param {any} node @param {any} components  the theme document, or null @returns {any} */
export function withTheme(node, components) {
  const { type } = node;
  if (!components || typeof type !== 'string') return node;
  if (type === 'scaffold') return components.scaffoldBackgroundColor === undefined ? node : { backgroundColor: components.scaffoldBackgroundColor, ...node };
  if (Object.hasOwn(INSIDE, type)) {
    const [slot, name] = INSIDE[type];
    return isMap(components[name]) && (node[slot] === undefined || isMap(node[slot])) ? { ...node, [slot]: { ...components[name], ...node[slot] } } : node;
  }
  const part = Object.hasOwn(PARTS, type) ? components[PARTS[type]] : null;
  if (!isMap(part)) return node;
  // A divider's theme calls its height `space`.
  return { ...part, ...(part.space === undefined ? {} : { height: part.space }), ...node };
}
