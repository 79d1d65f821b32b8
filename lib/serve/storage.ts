/** What the embedded registry keeps, and where. */
export interface Storage {
  /** Placeholder of the first minutes. */
  readonly kind: string;
}
