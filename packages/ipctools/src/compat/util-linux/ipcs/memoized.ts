/** Tables are long, and few of the owners and times in them differ. */
export function memoized(compute: (value: number) => string): (value: number) => string {
  const known = new Map<number, string>();
  return (value) => {
    let text = known.get(value);
    if (text === undefined) {
      text = compute(value);
      known.set(value, text);
    }
    return text;
  };
}
