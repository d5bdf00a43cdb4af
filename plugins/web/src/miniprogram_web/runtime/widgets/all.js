/** The widgets of the catalogue but those that are loaded later. */

import { BASIC } from './basic.js';
import { register } from './builder.js';
import { BUTTONS } from './buttons.js';
import { DATA } from './data.js';
import { FEEDBACK } from './feedback.js';
import { MEDIA } from './media.js';
import { NAVIGATION } from './navigation.js';
import { SURFACES } from './surfaces.js';
import { TEXTS } from './text.js';

register({ ...BASIC, ...BUTTONS, ...DATA, ...FEEDBACK, ...MEDIA, ...NAVIGATION, ...SURFACES, ...TEXTS });

