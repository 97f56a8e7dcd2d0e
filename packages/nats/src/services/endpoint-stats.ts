export class EndpointStats {
  #requests = 0;
  #errors = 0;
  #lastError = '';
  #milliseconds = 0;

  /** @param failure what the request was answered with instead of what it asked for */
  count(milliseconds: number, failure: string | undefined): void {
    this.#requests += 1;
    this.#milliseconds += milliseconds;
    if (failure === undefined) return;
    this.#errors += 1;
    this.#lastError = failure;
  }

  /** Under the names of ADR-32. Times are whole nanoseconds. */
  figures(): object {
    const total = Math.trunc(this.#milliseconds * 1e6);
    return {
      num_requests: this.#requests,
      num_errors: this.#errors,
      last_error: this.#lastError,
      processing_time: total,
      average_processing_time: this.#requests === 0 ? 0 : Math.trunc(total / this.#requests),
      data: {},
    };
  }
}
