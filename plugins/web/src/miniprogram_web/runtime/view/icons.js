/** Names of icons to letters of the icon fonts. The tables are data beside the fonts. */

export class Icons {
  /** @type {Record<string, Record<string, number>>} */
  #tables = {};

  /** @param {Record<string, Record<string, number>>} tables  kind -> name -> code point */
  add(tables) {
    Object.assign(this.#tables, tables);
  }

  /** The letter; empty while no table is there, null for a name that the table does not have. @param {string} name @param {string} kind @returns {string | null} */
  glyph(name, kind) {
    const table = this.#tables[kind];
    if (!table) return '';
    return Object.hasOwn(table, name) ? String.fromCodePoint(table[name]) : null;
  }
}
