/** The server's messages. A connection that breaks is made again and catches up with what was missed. */

const RETRY_MS = 1000;
/** A server says at least every 15 s that it is there; a laptop that slept heard nothing for longer. */
const SILENCE_MS = 40_000;
/** A tab that nobody sees lets go of its connection: browsers have six for a server, and would keep the seventh tab waiting. */
const UNSEEN_MS = 15_000;
const NAMES = Object.freeze(['hello', 'screen', 'reload', 'error', 'fixed', 'log']);

/** @typedef {'connecting' | 'open' | 'lost'} ChannelState */

export class Channel {
  /** @type {EventSource | null} */
  #source = null;
  #last = '';
  #heard = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #unseen;

  /** @param {string} url @param {(name: string, data: any) => void} told @param {(state: ChannelState) => void} state */
  constructor(url, told, state) {
    this.url = url;
    this.told = told;
    this.state = state;
    addEventListener('online', () => this.#connect());
    document.addEventListener('visibilitychange', () => {
      clearTimeout(this.#unseen);
      if (document.hidden) this.#unseen = setTimeout(() => this.sleep(), UNSEEN_MS);
      else if (this.#source?.readyState !== EventSource.OPEN || performance.now() - this.#heard > SILENCE_MS) this.#connect();
    });
    addEventListener('pagehide', () => this.#source?.close());
    addEventListener('pageshow', ({ persisted }) => { if (persisted) this.#connect(); });
    this.state('connecting');
    this.#connect();
  }

  /** Hear nothing until somebody looks again. */
  sleep() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.state('connecting');
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#heard = performance.now();
    const source = new EventSource(this.#last ? `${this.url}?${new URLSearchParams({ last: this.#last })}` : this.url);
    this.#source = source;
    source.onopen = () => this.state('open');
    source.onerror = () => {
      if (source !== this.#source) return;
      source.close();
      this.state('lost');
      this.#timer = setTimeout(() => this.#connect(), RETRY_MS);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        if (!(event instanceof MessageEvent) || source !== this.#source) return; // a failed connection is an `error` too
        this.#heard = performance.now();
        this.#last = event.lastEventId || this.#last;
        this.told(name, JSON.parse(event.data));
      });
    }
  }
}
