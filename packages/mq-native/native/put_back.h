/*
 * A message that was taken out of a queue, and that nobody is left to have, goes back to where it came from,
 * behind all others.
 */
#ifndef TIMEQ_PUT_BACK_H
#define TIMEQ_PUT_BACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tries once, with a struct msgbuf. False if the queue has no room for it at this moment. */
bool put_back_now(int id, const void *message, size_t bytes);

/*
 * If a queue has been filled meanwhile, whoever reads it gets a second to make room, for this thread must
 * come to its end: the second is one for all messages that have to go back.
 */
int64_t put_back_deadline(void);

/* Waits a moment before the next try. False if there is no time left for one. */
bool put_back_again(int64_t deadline);

/* Tries until it is back, or the second is over. */
void put_back(int id, const void *message, size_t bytes);

#endif
