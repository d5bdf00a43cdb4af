/** `miniProgramNavigation`: the stack of screens by their ids. A screen that does not load becomes an error view on the stack. */

import { errorScreen } from '../view/error_screen.js';

/** @typedef {import('../view/view.js').View} View @typedef {import('./host.js').HostResult} HostResult */

/** @param {View} view @param {string} screenId @returns {Promise<{document: any, problem: {code: string, message: string} | null}>} */
async function loaded(view, screenId) {
  try {
    if (!view.options.loadScreen) throw Object.assign(new Error(`There is no screen "${screenId}" here.`), { code: 'screen_not_found' });
    return { document: await view.options.loadScreen(screenId), problem: null };
  } catch (error) {
    const { code = 'screen_not_found', message = String(error) } = /** @type {any} */ (error);
    return { document: errorScreen({ code, message }), problem: { code, message } };
  }
}

/** @type {Record<string, (view: View, document: any, screenId: string) => void>} */
const PUT = {
  openMiniProgramScreen: (view, document, screenId) => void view.push(document, { screenId }),
  replaceMiniProgramScreen: (view, document, screenId) => {
    const old = view.screen;
    void view.push(document, { screenId });
    view.pop(undefined, old);
  },
  resetMiniProgramStack: (view, document, screenId) => view.show(document, { screenId }),
};

/** @param {View} view @param {any} action @returns {Promise<HostResult>} */
export async function screenAction(view, { action, requestId, payload }) {
  const own = { ...(requestId === undefined ? {} : { requestId: String(requestId) }), action: String(action) };
  const success = (/** @type {any} */ data = {}) => ({ ...own, status: /** @type {const} */ ('success'), data });
  const failed = (/** @type {string} */ errorCode, /** @type {string} */ message) => ({ ...own, status: /** @type {const} */ ('failed'), errorCode, message, data: {} });
  if (action === 'popMiniProgramScreen') return view.pop() ? success() : { ...own, status: 'cancelled', data: {} };
  if (action === 'popToMiniProgramRoot') {
    view.keep(1);
    return success({ screenId: view.top?.screenId ?? null });
  }
  if (!Object.hasOwn(PUT, action) && action !== 'popToMiniProgramScreen') return failed('unknown_action', `There is no navigation "${action}".`);
  const screenId = typeof payload?.screenId === 'string' ? payload.screenId.trim() : '';
  if (!screenId) return failed('invalid_result_payload', `"${action}" needs a screenId.`);
  if (action === 'popToMiniProgramScreen') {
    const at = view.pages.findLastIndex((page) => page.kind === 'screen' && page.screenId === screenId);
    if (at < 0) return failed('screen_not_in_stack', `The screen "${screenId}" is not open.`);
    view.keep(at + 1);
    return success({ screenId });
  }
  const { document, problem } = await loaded(view, screenId);
  PUT[action](view, document, screenId);
  return problem ? failed(problem.code, problem.message) : success({ screenId });
}
