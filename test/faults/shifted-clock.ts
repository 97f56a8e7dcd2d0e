import type { TestContext } from 'node:test';
import { compileLibrary, preloaded } from '../helpers/compiled.js';

const source = (seconds: number): string => `
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = ((int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime"))(clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += ${seconds};
  return result;
}

int gettimeofday(struct timeval *now, void *zone) {
  int result = ((int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday"))(now, zone);
  now->tv_sec += ${seconds};
  return result;
}`;

/** The prefix that shifts the wall clock of a command by this many seconds. The kernel's clock stamps objects as before. */
export function shiftedClock(t: TestContext, seconds: number): string[] {
  const variables = Object.entries(preloaded(compileLibrary(t, source(seconds))));
  return ['env', ...variables.map(([name, value]) => `${name}=${value}`)];
}
