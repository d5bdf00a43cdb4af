/** All widgets of the catalogue. */

import { BASIC } from './basic.js';
import { register } from './builder.js';
import { BUTTONS } from './buttons.js';
import { CHOICES } from './choices.js';
import { DATA } from './data.js';
import { FEEDBACK } from './feedback.js';
import { INPUTS } from './inputs.js';
import { MEDIA } from './media.js';
import { NAVIGATION } from './navigation.js';
import { SURFACES } from './surfaces.js';
import { TEXTS } from './text.js';

register({ ...BASIC, ...BUTTONS, ...CHOICES, ...DATA, ...FEEDBACK, ...INPUTS, ...MEDIA, ...NAVIGATION, ...SURFACES, ...TEXTS });

