// Yours: what mini-programs may ask of this page. A function that is missing is a capability that this host does not have.

export const host = {
  /** Something happened that a mini-program counts. `properties` is an object. */
  trackEvent({ name, properties }) {
    console.debug('mini-program event', name, properties);
    return properties;
  },

  // A mini-program opens a place of this site. What is returned is given to it when it expects a result.
  // openNativeScreen({ route, args, expectResult }) { location.assign(`/${route}`); },

  // A mini-program calls an API that only this site may call. Decide here which ones, and send the site's own credentials.
  // async callSecureApi({ endpoint, method, body }) { … },
};

/** Capabilities beyond those functions: 'auth' where mini-programs sign people in at their own backends. */
export const moreCapabilities = [];

/** How mini-programs look here: Stac's theme document, such as { colorScheme: { primary: '#8A3B12' } }; null for Material's own. */
export const theme = null;
