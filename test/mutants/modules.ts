import { claim } from './modules/claim.js';
import { cleaning } from './modules/cleaning.js';
import { copies } from './modules/copies.js';
import { evidence } from './modules/evidence.js';
import { places } from './modules/places.js';
import type { GuardedModule } from './mutation.js';

/** The modules that guard a promise of the project. */
export const modules: readonly GuardedModule[] = [copies, claim, evidence, cleaning, places];
