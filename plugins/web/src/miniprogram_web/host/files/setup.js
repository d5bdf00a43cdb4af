// Written by `miniprogram embed init`, which makes it again. What this page says once for all its mini-programs.

import { setDefaults } from "__RUNTIME__";
import { miniProgramEndpoints } from './endpoints.js';
import * as own from './host.js';

/** What a mini-program may ask of a host, and the function of `host` that answers. */
const CAPABILITIES = { analytics: 'trackEvent', native_navigation: 'openNativeScreen', secure_api: 'callSecureApi' };

/** The address that `miniprogram host run` passes on. Only a page on this machine takes one: elsewhere a link could name any. */
function passedOn() {
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
  const address = here ? new URLSearchParams(location.search).get('mini-program-api-base-url') : null;
  return address ? { 'api-base-url': address } : {};
}

setDefaults({
  attributes: {
    'host-app': "__HOST_APP_ID__",
    'host-version': "__HOST_VERSION__",
    capabilities: [...Object.keys(CAPABILITIES).filter((name) => CAPABILITIES[name] in own.host), ...own.moreCapabilities].join(','),
    ...passedOn(),
  },
  programs: miniProgramEndpoints,
  host: own.host,
  theme: own.theme,
});
