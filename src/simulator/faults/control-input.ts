/** Reading what a person sent to the control route. Every fault names the field, what was given and what is allowed. */

export class ControlError extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

export type ControlInput = Readonly<Record<string, unknown>>;

/** @throws ControlError for a field that is not one of these: a slip of the pen must not pass unseen */
export function onlyFields(input: ControlInput, ...names: string[]): void {
  const unknown = Object.keys(input).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new ControlError(`'${unknown}' is not a field here: there are ${names.join(", ")}`);
}

export function text(input: ControlInput, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw new ControlError(`'${name}' is missing: it must be a text`);
  return value;
}

export function optionalText(input: ControlInput, name: string): string | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new ControlError(`'${name}' is ${JSON.stringify(value)}: it must be a text`);
}

export function optionalTexts(input: ControlInput, name: string): readonly string[] | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string")) return value;
  throw new ControlError(`'${name}' is ${JSON.stringify(value)}: it must be a list of texts`);
}

export function optionalStructure(input: ControlInput, name: string): ControlInput | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ControlInput;
  throw new ControlError(`'${name}' is ${JSON.stringify(value)}: it must be an object`);
}

export function choice<T extends string>(
  input: ControlInput,
  name: string,
  allowed: readonly T[],
  fallback?: T,
): T {
  const value = input[name] ?? fallback;
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ControlError(
    `'${name}' is ${JSON.stringify(value) ?? "missing"}: it must be one of ${allowed.join(", ")}`,
  );
}

export function number(input: ControlInput, name: string, least: number, most: number): number {
  const value = optionalNumber(input, name, least, most);
  if (value === undefined)
    throw new ControlError(`'${name}' is missing: it must be a number from ${least} to ${most}`);
  return value;
}

export function optionalNumber(
  input: ControlInput,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw new ControlError(
    `'${name}' is ${JSON.stringify(value)}: it must be a number from ${least} to ${most}`,
  );
}

export function flag(input: ControlInput, name: string, fallback: boolean): boolean {
  const value = input[name] ?? fallback;
  if (typeof value === "boolean") return value;
  throw new ControlError(`'${name}' is ${JSON.stringify(value)}: it must be true or false`);
}
