import type { TextColumn } from '@timeq/cli-kit/tables/column';
import type { Facts } from '../../model/facts.js';
import type { Column } from './column.js';

/** Shows a column of entries in a table whose rows each have an entry. */
export function bound<Row, Entry>(
  column: Column<Entry>,
  look: (row: Row) => { readonly entry: Entry; readonly facts: Facts },
): TextColumn<Row> {
  const { label, align, priority, shrinksTo } = column;
  return {
    label,
    align,
    priority,
    shrinksTo,
    text: (row) => {
      const { entry, facts } = look(row);
      return column.text(entry, facts);
    },
    style: (row) => {
      const { entry, facts } = look(row);
      return column.style(entry, facts);
    },
  };
}
