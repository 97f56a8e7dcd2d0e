// A warning of the bundler is an error, as it would end up in what is released.

/** Harmless: a dynamic import of a module that is loaded anyway. */
const HARMLESS = 'INEFFECTIVE_DYNAMIC_IMPORT';

/** Options of rolldown that fail on its warnings, but not on a slow or busy machine, which it warns of as well. */
export const failOnWarnings = {
  checks: { bundlerTimings: false },
  onLog: (level, { code, message }) => {
    if (level === 'warn' && code !== HARMLESS) throw new Error(message);
  },
};
