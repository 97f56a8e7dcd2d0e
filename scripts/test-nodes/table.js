// Prints the result: a line for each version, and the names of failed tests.

/** The result of one part, in a few words. */
function outcome({ passed, how, report }) {
  const { pass = 0, tests = 0, skipped = 0 } = report ?? {};
  const counted =
    report === undefined ? '' : `${pass} of ${tests}${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  if (passed) return counted || 'passed';
  return `FAILED (${[counted, how].filter(Boolean).join('; ')})`;
}

function minutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}

/** @param results the name of each version and the results of its parts, by name */
export function tableOf(results) {
  const names = [...new Set(results.flatMap(({ parts }) => Object.keys(parts)))];
  const rows = results.map(({ version, parts }) => [
    version,
    ...names.map((name) => (parts[name] ? outcome(parts[name]) : 'not run')),
    minutes(Object.values(parts).reduce((sum, { seconds }) => sum + seconds, 0)),
  ]);
  return aligned([['Node.js', ...names, 'minutes'], ...rows]);
}

/** A line for each failed test. */
export function failuresOf(results) {
  return results.flatMap(({ version, parts }) =>
    Object.values(parts).flatMap(({ report }) =>
      (report?.failed ?? []).map((name) => `failed on ${version}: ${name}`),
    ),
  );
}
