// Written by `miniprogram embed init`, which makes it again.

/** The mini-programs of this page by the names of registry.js. */
export declare const MiniPrograms: Readonly<Record<string, { readonly appId: string; readonly title: string }>>;

/** Open a mini-program in a dialog above the page. Resolves when it is closed. */
export declare function openMiniProgram(
  appId: string,
  options?: { title?: string; closeLabel?: string; attributes?: Record<string, string> },
): Promise<void>;
