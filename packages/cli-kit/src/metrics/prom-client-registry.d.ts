/** The registry alone: prom-client's main module also loads cluster, HTTP and OpenTelemetry. */
declare module 'prom-client/lib/registry.js' {
  interface Sample {
    readonly labels?: object;
    readonly sharedLabels?: object;
    readonly value: number;
  }
  interface Metric {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly values: readonly Sample[];
  }
  export default class Registry {
    static readonly PROMETHEUS_CONTENT_TYPE: string;
    static readonly OPENMETRICS_CONTENT_TYPE: string;
    readonly contentType: string;
    constructor(contentType: string);
    registerMetric(metric: { readonly name: string; get(): Metric }): void;
    metrics(): Promise<string>;
  }
}
