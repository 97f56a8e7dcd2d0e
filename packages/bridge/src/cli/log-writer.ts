import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import type { Log, LogEvent } from '../log.js';

/** Writes ordinary events to stdout, the others to stderr; one JSON object a line, or a sentence. */
export function logWriter(json: boolean): Log {
  return (event) => {
    const stream = event.level === 'info' ? process.stdout : process.stderr;
    stream.write(`${json ? toJson(event) : toText(event)}\n`);
  };
}

function toText({ level, message }: LogEvent): string {
  return `timeq-bridge: ${level === 'warning' ? 'warning: ' : ''}${escapeText(message)}`;
}

function toJson({ level, event, message, details }: LogEvent): string {
  return jsonText({ time: new Date().toISOString(), level, event, message, pid: process.pid, ...details });
}
