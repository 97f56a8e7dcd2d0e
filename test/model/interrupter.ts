import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TestContext } from 'node:test';
import { compileLibrary } from '../helpers/compiled.js';
import { blockedThreads } from '../helpers/threads.js';

/** `interrupt(thread, signal)`: sends a signal to one thread of this process. */
const sender = `
#include <node_api.h>
#include <sys/syscall.h>
#include <unistd.h>

static napi_value interrupt(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  int32_t thread, number;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &thread);
  napi_get_value_int32(env, arguments[1], &number);
  syscall(SYS_tgkill, getpid(), thread, number);
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "interrupt", NAPI_AUTO_LENGTH, interrupt, NULL, &function);
  napi_set_named_property(env, exports, "interrupt", function);
  return exports;
}`;

/** Interrupts the threads of this process that are blocked in msgrcv, with the signal that they handle. */
export function interrupter(t: TestContext): () => void {
  const addon = createRequire(import.meta.url)(compileLibrary(t, sender)) as {
    interrupt(thread: number, signal: number): void;
  };
  return () => {
    for (const thread of blockedThreads('msgrcv')) {
      const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
      const handled = signals(status, 'SigCgt') & ~signals(status, 'SigBlk');
      addon.interrupt(Number(thread), handled.toString(2).length);
    }
  };
}

/** Reads a signal mask of /proc/PID/status, whose lowest bit is signal 1: proc(5). */
function signals(status: string, name: 'SigCgt' | 'SigBlk'): bigint {
  const [, mask = '0'] = new RegExp(`^${name}:\\s*(\\w+)$`, 'm').exec(status) ?? [];
  return BigInt(`0x${mask}`);
}
