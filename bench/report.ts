/** How a measurement is shown: what was measured, the figure, the goal, and whether it was met. */
export interface Measurement {
  readonly question: string;
  readonly figure: number;
  readonly unit: string;
  readonly goal: { readonly atMost: number } | { readonly atLeast: number };
  /** How it was measured. */
  readonly how: string;
}

export function isMet({ figure, goal }: Measurement): boolean {
  return "atMost" in goal ? figure <= goal.atMost : figure >= goal.atLeast;
}

export function print(measurement: Measurement): void {
  const { question, figure, unit, goal, how } = measurement;
  const bound = "atMost" in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  const value = Number.isInteger(figure) ? String(figure) : figure.toFixed(3);
  process.stdout.write(
    `${isMet(measurement) ? "met   " : "MISSED"}  ${question}: ${value} ${unit} (${bound})\n        ${how}\n`,
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
