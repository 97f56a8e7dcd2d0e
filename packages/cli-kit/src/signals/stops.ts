/** How a prompt handles a stop. */
interface Stops {
  /** Before it: restores the terminal. */
  readonly stop?: () => void;
  /** After it: shows the prompt again, with the text typed so far. */
  readonly resume: () => void;
}

/**
 * Keeps a prompt working across Ctrl-Z, or any other stop, and `fg`: readline pauses its input on SIGCONT, after which
 * nothing keeps the process alive, and a shell may return the terminal in another mode.
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
        // libuv remembers the mode, and would do nothing for one that is set already.
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
