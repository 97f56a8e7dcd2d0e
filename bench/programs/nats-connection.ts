/**
 * Connects to a NATS server and does nothing else, until SIGTERM.
 *   nats-connection.js URL   prints "ready"
 */
import { connect } from '@nats-io/transport-node';

await connect({ servers: process.argv[2] ?? '' });
process.once('SIGTERM', () => process.exit(0));
console.log('ready');
