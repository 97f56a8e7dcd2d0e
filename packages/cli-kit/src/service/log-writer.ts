import { escapeText, jsonText } from '../text/escape.js';
import type { ServiceEvent } from './service-manager.js';

/** Writes ordinary events to stdout, the others to stderr: a sentence a line, or a JSON object a line. */
export function logWriter(program: string, json: boolean): (event: ServiceEvent) => void {
  return (event) => {
    const stream = event.level === 'info' ? process.stdout : process.stderr;
    stream.write(`${json ? toJson(event) : toText(program, event)}\n`);
  };
}

function toText(program: string, { level, message }: ServiceEvent): string {
  return `${program}: ${level === 'warning' ? 'warning: ' : ''}${escapeText(message)}`;
}

function toJson({ level, event, message, details }: ServiceEvent): string {
  return jsonText({ time: new Date().toISOString(), level, event, message, pid: process.pid, ...details });
}
