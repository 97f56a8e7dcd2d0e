import type { TextColumn } from '@timeq/cli-kit/tables/column';
import type { JsonObject } from '../format/json.js';
import { formatDuration } from '../format/time.js';
import type { Facts } from '../model/facts.js';
import type { PosixJudgement } from '../posix/rules.js';
import type { PosixObject } from '../model/posix/objects.js';
import { bound } from './columns/bound.js';
import { POSIX_COLUMNS } from './columns/posix.js';
import { VERDICT_STYLES } from './judgement-columns.js';

const PRIORITIES = new Map([
  ['kind', 4],
  ['name', 6],
  ['owner', 2],
]);

/** The columns that name a POSIX object, in a table of rows that each have one. */
export function posixNameColumns<Row>(objectOf: (row: Row) => PosixObject, facts: Facts): TextColumn<Row>[] {
  return POSIX_COLUMNS.filter(({ name }) => PRIORITIES.has(name)).map((column) => ({
    ...bound(column, (row: Row) => ({ entry: objectOf(row), facts })),
    priority: PRIORITIES.get(column.name) ?? 0,
  }));
}

/** The columns of `stale posix`. */
export function posixJudgementColumns(facts: Facts): TextColumn<PosixJudgement>[] {
  return [
    {
      label: 'VERDICT',
      priority: 7,
      text: ({ verdict }) => verdict,
      style: ({ verdict }) => VERDICT_STYLES[verdict],
    },
    ...posixNameColumns<PosixJudgement>(({ evidence }) => evidence.object, facts),
    {
      label: 'IDLE',
      align: 'right',
      priority: 1,
      text: ({ evidence }) => formatDuration(evidence.idleSeconds),
    },
    { label: 'REASONS', priority: 3, shrinksTo: 20, text: ({ reasons }) => reasons.join('; ') },
  ];
}

/** A judgement with every piece of evidence as a field. */
export function posixJudgementJson({ evidence, verdict, rule, reasons, next }: PosixJudgement): JsonObject {
  const { object, users, complete, notifies, messages, idleSeconds } = evidence;
  const { kind, name, uid, gid, links, accessTimes } = object;
  return {
    kind,
    name,
    ownerUid: uid,
    groupGid: gid,
    verdict,
    rule,
    reasons,
    next: next ?? null,
    evidence: {
      users: users.map(({ pid, name: command }) => ({ pid, name: command ?? null })),
      usersKnown: complete,
      notifies,
      messages: messages ?? null,
      links,
      accessTimes,
      idleSeconds,
    },
  };
}
