/** Types of `mini-program.js`. */

export interface HostResult {
  requestId?: string;
  action?: string;
  status: 'success' | 'cancelled' | 'failed';
  message?: string;
  errorCode?: string;
  data: unknown;
}

/** What `hostAction` calls. What is missing is answered with a failure. A function gives its data, or a whole result. */
export interface Host {
  openNativeScreen?(payload: { route: string; args: Record<string, unknown>; expectResult: boolean }): unknown;
  callSecureApi?(payload: { endpoint: string; method: string; body: Record<string, unknown> }): unknown;
  trackEvent?(payload: { name: string; properties: Record<string, unknown> }): unknown;
}

export type MiniProgramAttribute =
  | 'app-id' | 'api-base-url' | 'access-key' | 'trust-root' | 'host-app' | 'host-version' | 'sdk-version' | 'capabilities' | 'platform' | 'locale'
  | 'tenant-id' | 'user-id' | 'device-id' | 'pinned-version' | 'offline' | 'preset' | 'network' | 'backend-base-url' | 'asset-base-url' | 'isolation'
  | 'server-domains' | 'webview-domains' | 'brightness' | 'contrast' | 'text-scale' | 'dir';

export type MiniProgramAttributes = { [name in MiniProgramAttribute]?: string };

/** What a page says once for all its mini-programs. */
export interface Defaults {
  /** Used where an element has no attribute of that name. */
  attributes?: MiniProgramAttributes;
  /** The same for one mini-program, by app id; not used by an element with an `api-base-url` of its own. */
  programs?: Record<string, MiniProgramAttributes>;
  /** Used where an element has no `host` of its own. */
  host?: Host;
  /** Stac's theme document, used where an element has no `theme` of its own. */
  theme?: object | null;
}

/** `<mini-program>`: a mini-program of a delivery endpoint. */
export declare class MiniProgramElement extends HTMLElement {
  static observedAttributes: string[];
  host: Host | null;
  /** More delivery parameters by name. */
  context: Record<string, string>;
  featureFlag: (flag: string) => boolean;
  /** Stac's theme document. */
  theme: object | null;
  /** More headers for the mini-program's own backend. */
  backendHeaders: Record<string, string>;
  /** Load the program again. */
  reload(): void;
}

/** Say once what all elements share, from their next load on. */
export declare function setDefaults(defaults: Defaults): void;

/** Say where the folder with `mini-program.js`, `icons/` and `vendor/` is served. */
export declare function setRuntimeFolder(address: string | URL): void;

/** Make the element known to a page. Importing the module does it under its usual name. */
export declare function define(name?: string): void;

export interface MiniProgramEvents {
  'mini-program-load': CustomEvent<{ id: string; version: string; entry: string; stale: boolean; title?: string; deliveryMetadata?: unknown; digest?: string; source?: 'delivered' | 'cached' | 'embedded'; update?: 'delta' | 'files' | 'package' | 'cached' | null; reason?: string | null }>;
  'mini-program-start-failed': CustomEvent<{ id: string; version: string; digest: string; reason: string }>;
  'mini-program-error': CustomEvent<{ code: string; message: string; details: unknown; fallback?: unknown }>;
  'mini-program-warning': CustomEvent<{ code: string; path: string; message: string; screenId?: string }>;
  'mini-program-navigation': CustomEvent<{ screenIds: string[] }>;
  'mini-program-action': CustomEvent<unknown>;
  'mini-program-result': CustomEvent<unknown>;
  'mini-program-request': CustomEvent<unknown>;
  'mini-program-close': CustomEvent<unknown>;
}

declare global {
  interface HTMLElementTagNameMap {
    'mini-program': MiniProgramElement;
  }
  interface HTMLElementEventMap extends MiniProgramEvents {}
}
