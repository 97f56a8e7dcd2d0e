import { moveKey, scrollTo, typeKey } from '../screens/keys.js';

/** What keys have made of the list. Rows are numbers. */
export interface Choosing {
  readonly chosen: ReadonlySet<number>;
  /** The rows that contain this text are shown. */
  readonly filter: string;
  readonly typing: boolean;
  /** The place of the cursor among the shown rows. */
  readonly cursor: number;
  /** The first of them on the screen. */
  readonly first: number;
}

/** What the keys act on. */
export interface ChoiceScene {
  /** The text of each row, in small letters. */
  readonly texts: readonly string[];
  /** How many rows are on the screen. */
  readonly page: number;
  /** A key that chooses some of the shown rows. */
  readonly preset: { readonly key: string; readonly rows: ReadonlySet<number> };
}

/** The rows that are shown. */
export function shownRows(filter: string, texts: readonly string[]): readonly number[] {
  const wanted = filter.toLowerCase();
  return texts.flatMap((text, row) => (text.includes(wanted) ? [row] : []));
}

function typeInto(state: Choosing, key: string): Choosing {
  if (key === 'return') return { ...state, typing: false };
  if (key === 'escape') return { ...state, typing: false, filter: '', cursor: 0 };
  const filter = typeKey(state.filter, key);
  return filter === undefined ? state : { ...state, filter, cursor: 0 };
}

/** Chooses, of the shown rows, those for which `holds` is true, and no others of them. */
function choose(state: Choosing, shown: readonly number[], holds: (row: number) => boolean): Choosing {
  const chosen = new Set(state.chosen);
  for (const row of shown) {
    if (holds(row)) chosen.add(row);
    else chosen.delete(row);
  }
  return { ...state, chosen };
}

/** What a key does. @returns the next state, or whether the list is left with what is chosen, or without */
export function pressChoice(state: Choosing, key: string, scene: ChoiceScene): Choosing | 'done' | 'cancel' {
  if (state.typing) return typeInto(state, key);
  const shown = shownRows(state.filter, scene.texts);
  const moved = moveKey(key, state.cursor, shown.length, scene.page);
  if (moved !== undefined) return { ...state, cursor: moved };
  const row = shown[state.cursor];
  switch (key) {
    case 'return':
      return 'done';
    case 'escape':
      return state.filter === '' ? 'cancel' : { ...state, filter: '', cursor: 0 };
    case '/':
      return { ...state, typing: true };
    case ' ':
      return row === undefined ? state : choose(state, [row], () => !state.chosen.has(row));
    case 'a':
      return choose(state, shown, () => true);
    case 'n':
      return choose(state, shown, () => false);
    case scene.preset.key:
      return choose(state, shown, (each) => scene.preset.rows.has(each));
    default:
      return state;
  }
}

/** The list with its cursor on the screen. */
export function settleChoice(state: Choosing, { texts, page }: ChoiceScene): Choosing {
  const { length } = shownRows(state.filter, texts);
  const cursor = Math.max(0, Math.min(state.cursor, length - 1));
  return { ...state, cursor, first: scrollTo(cursor, state.first, page, length) };
}
