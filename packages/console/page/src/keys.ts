/** What keys do anywhere on the page. */
interface Keys {
  filter(): void;
  help(): void;
  escape(): void;
}

/** Keys with Ctrl, Alt or Meta are the browser's, and a text that is typed is no command. */
export function listenToKeys(keys: Keys): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]') !== null)
      return;
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key === 'Escape') keys.escape();
    else if (isTyping) return;
    else if (event.key === '/') keys.filter();
    else if (event.key === '?') keys.help();
    else return;
    event.preventDefault();
  });
}
