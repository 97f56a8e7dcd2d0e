import { addressSuite } from './address.js';
import type { Check } from './check.js';
import { memory } from './memory.js';
import { harnessChecks } from './harness.js';
import { compilerChecks } from './warnings.js';

/** All checks, the fastest first. */
export const checks: readonly Check[] = [...compilerChecks, ...harnessChecks, memory, addressSuite];
