import Registry from 'prom-client/lib/registry.js';

export type Labels = Readonly<Record<string, string>>;

export interface MetricSample {
  /** The labels of what is measured, such as a queue: prom-client writes the same object once. */
  readonly sharedLabels?: Labels;
  /** Further labels, of this sample only. */
  readonly labels?: Labels;
  readonly value: number;
}

/** A metric: what --help, the docs and Prometheus are told of it. */
export interface MetricDefinition {
  /** As Prometheus has it; that of a counter ends in `_total`. */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  /** Without quotation marks, which prom-client does not escape. */
  readonly help: string;
  readonly labels: readonly string[];
}

export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly samples: readonly MetricSample[];
}

/** OpenMetrics 1.0, or the older text format, which node_exporter's textfile collector reads. */
export type Exposition = 'openmetrics' | 'text';

export function contentTypeOf(format: Exposition): string {
  return format === 'openmetrics' ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
}

/** The metrics as Prometheus reads them; those without a sample are left out. */
export function expose(families: readonly MetricFamily[], format: Exposition): Promise<string> {
  const registry = new Registry(contentTypeOf(format));
  for (const { definition, samples } of families) {
    if (samples.length === 0) continue;
    const { name, type, help } = definition;
    // prom-client adds _total to a counter's samples in OpenMetrics, where the name has none.
    registry.registerMetric({
      name,
      get: () => ({
        name: format === 'openmetrics' ? name.replace(/_total$/, '') : name,
        help,
        type,
        values: samples,
      }),
    });
  }
  return registry.metrics();
}
