/** What lies on the stack: screens, dialogs and sheets, each with its document and the state of its widgets. */

let made = 0;

/** @typedef {'screen' | 'dialog' | 'sheet'} PageKind */

export class Page {
  /** State of widgets, by path and name. @type {Map<string, any>} */
  state = new Map();

  /** Set before each build. */
  isTop = false;
  canPop = false;

  /** @type {HTMLElement | null} */
  element = null;

  /** What had the focus before a dialog came. @type {HTMLElement | null} */
  focusBefore = null;

  /** Told with the result when the page goes. @type {(result: any) => void} */
  closed = () => {};

  /**
   * @param {any} document  Stac JSON
   * @param {{kind?: PageKind, screenId?: string | null, options?: Record<string, any>}} [more]  options: of the action that opened it
   */
  constructor(document, { kind = 'screen', screenId = null, options = {} } = {}) {
    made += 1;
    this.id = `mp${made}`;
    this.document = document;
    this.kind = kind;
    this.screenId = screenId;
    this.options = options;
  }
}
