/**
 * Joins the parts of one row after the other. In a long table most rows differ from the one above in their first parts
 * only: the others are joined once.
 */
export function rowJoiner(separator: string): (parts: readonly string[]) => string {
  let above: readonly string[] = [];
  /** The parts from this one on are in `end`. */
  let from = 0;
  let end = '';
  let sameBefore = 0;
  return (parts) => {
    let same = parts.length;
    if (same !== above.length) [from, end] = [same, ''];
    else while (same > 0 && parts[same - 1] === above[same - 1]) same -= 1;
    // A single row may differ late; what two rows share is worth joining.
    if (same > from || (same < from && same === sameBefore)) {
      from = same;
      end = parts.slice(from).join(separator);
    }
    sameBefore = same;
    above = parts;
    let text = '';
    for (let index = 0; index < from; index += 1) {
      if (index > 0) text += separator;
      text += parts[index];
    }
    return from > 0 && from < parts.length ? text + separator + end : text + end;
  };
}
