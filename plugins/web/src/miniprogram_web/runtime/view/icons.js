/** Names of icons to letters of the icon fonts. The tables are data beside the fonts; the whole ones come when a name needs them. */

/** @typedef {Record<string, number>} Table  name -> code point */

export class Icons {
  /** @type {Record<string, Table>} */
  #tables = {};
  /** The usual icons of a kind, before its whole table is there. @type {Record<string, Table>} */
  #usual = {};
  /** Who draws again when a whole table comes. @type {Record<string, Set<() => void>>} */
  #waiting = {};

  /** Loads the whole table of a kind. @type {((kind: string) => Promise<Table>) | null} */
  load = null;

  /** @param {Record<string, Table>} tables  whole ones, by kind */
  add(tables) {
    Object.assign(this.#tables, tables);
  }

  /** @param {Record<string, Table>} tables  of the usual icons, by kind */
  addUsual(tables) {
    Object.assign(this.#usual, tables);
  }

  /**
   * The letter; empty while no table has it, null for a name that the whole table does not have.
   * @param {string} name @param {string} kind @param {() => void} changed  told when a table comes that may have it @returns {string | null}
   */
  glyph(name, kind, changed) {
    const whole = this.#tables[kind];
    const table = whole ?? this.#usual[kind] ?? {};
    if (Object.hasOwn(table, name)) return String.fromCodePoint(table[name]);
    if (whole) return null;
    this.#ask(kind, changed);
    return '';
  }

  /** @param {string} kind @param {() => void} changed */
  #ask(kind, changed) {
    if (!this.load) return;
    const waiting = this.#waiting[kind];
    if (waiting) return void waiting.add(changed);
    this.#waiting[kind] = new Set([changed]);
    const tell = () => this.#waiting[kind].forEach((each) => each());
    // Without the table its places stay empty.
    this.load(kind).then((table) => { this.add({ [kind]: table }); tell(); }, () => {});
  }
}
