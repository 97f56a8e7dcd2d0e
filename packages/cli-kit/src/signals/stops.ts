/** What a prompt does about a stop. */
export interface Stops {
  /** Before it: gives the terminal back as it was. */
  readonly stop?: () => void;
  /** After it: shows the prompt again, with what was typed so far. */
  readonly resume: () => void;
}

/**
 * Keeps a prompt going over Ctrl-Z, or any other stop, and `fg`: readline pauses its input on SIGCONT, after which
 * nothing keeps the process alive, and a shell may hand the terminal back in a mode of its own.
 */
export function aroundStops(input: NodeJS.ReadStream, { stop, resume }: Stops): Disposable {
  let ended = false;
  const onStop = (): void => {
    stop?.();
    process.kill(process.pid, 'SIGSTOP');
  };
  const onContinue = (): void => {
    // After readline's own listener, which may be added later than this one.
    setImmediate(() => {
      if (ended) return;
      if (input.isTTY && input.isRaw) {
        // libuv remembers the mode, and would do nothing about one that is set already.
        input.setRawMode(false);
        input.setRawMode(true);
      }
      input.resume();
      resume();
    });
  };
  if (stop !== undefined) process.on('SIGTSTP', onStop);
  process.on('SIGCONT', onContinue);
  return {
    [Symbol.dispose]: () => {
      ended = true;
      process.off('SIGTSTP', onStop);
      process.off('SIGCONT', onContinue);
    },
  };
}
