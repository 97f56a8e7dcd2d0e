import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import type { LogEvent } from '../log.js';

/** The format of lines: for people, or one JSON object each. */
export type LogFormat = 'text' | 'json';

/** Where lines go. */
interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Writes a server's events: the ordinary ones to stdout unless they are switched off, the others to stderr. */
export function logWriter(format: LogFormat, quiet: boolean, streams: Streams): (event: LogEvent) => void {
  return (event) => {
    if (event.level === 'info' && quiet) return;
    const stream = event.level === 'info' ? streams.stdout : streams.stderr;
    stream.write(`${format === 'json' ? toJson(event) : toText(event)}\n`);
  };
}

function toText({ level, message }: LogEvent): string {
  return `time-server: ${level === 'warning' ? 'warning: ' : ''}${escapeText(message)}`;
}

function toJson({ level, event, message, details }: LogEvent): string {
  return jsonText({
    time: new Date().toISOString(),
    level,
    event,
    message,
    pid: process.pid,
    ...details,
  });
}
