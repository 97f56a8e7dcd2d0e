import { readReply, type Reply } from './codec/reply.js';
import { readRequest, type Request } from './codec/request.js';
import { readTimeReply } from './fast-path/time-reply.js';
import { readTimeRequest } from './fast-path/time-request.js';
import type { MessageType } from './message-type.js';

/**
 * Reads the body of a type 1 message. It never throws: a body that is not an addressed request, whatever its bytes, is
 * a classic one.
 * @param way the type that stands for the way back of a transport that has its own, such as NATS; then a request needs no
 * `replyTo`
 */
export function parseRequest(body: Uint8Array, way?: MessageType): Request {
  return readTimeRequest(body) ?? readRequest(body, way);
}

/**
 * Reads an addressed reply; undefined when the body is none. Fields that this version does not know are passed over,
 * and so are those of a status that are not what they should be.
 */
export function parseReply(body: Uint8Array): Reply | undefined {
  return readTimeReply(body) ?? readReply(body);
}
