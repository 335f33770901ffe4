/** JSON columns ↔ model, checked both ways: what fails is named by table, row and column. */
import { StoreError } from "../model/errors.ts";
import type { Shape } from "./shape.ts";

/** A row, as the operator finds it: `objects`, `default/web-api`. */
export interface RowName {
  table: string;
  row: string;
}

/** The value of a JSON column. @throws StoreError when it is no JSON or not of that shape */
export function fromJson<T>(name: RowName, column: string, json: string, shape: Shape): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw corrupt(name, `column ${column} is not JSON`, error);
  }
  const fault = shape(value);
  if (fault !== undefined) throw corrupt(name, `${column}${fault}`);
  return value as T;
}

/** The text of a JSON column. @throws StoreError when the value is not of that shape, so that it never gets in */
export function toJson(name: RowName, column: string, value: unknown, shape: Shape): string {
  const fault = shape(value);
  if (fault !== undefined)
    throw new StoreError(`table ${name.table}, row ${name.row}: refused, ${column}${fault}`);
  return JSON.stringify(value);
}

/** A text column with few allowed values. */
export function fromChoice<T extends string>(
  name: RowName,
  column: string,
  value: string,
  allowed: readonly T[],
): T {
  const choice = allowed.find((one) => one === value);
  if (choice === undefined) throw corrupt(name, `column ${column} is none of ${allowed.join(", ")}`);
  return choice;
}

/** Milliseconds of a time column. */
export function fromTime(name: RowName, column: string, value: string): number {
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw corrupt(name, `column ${column} is not a time`);
  return ms;
}

function corrupt(name: RowName, fault: string, cause?: unknown): StoreError {
  return new StoreError(`table ${name.table}, row ${name.row}: the stored row is corrupt, ${fault}`, cause);
}

/** Whether two rows of a table hold the same, column by column. */
export function isSameRow<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((column) => a[column] === b[column]);
}

/** What is handed out more than once cannot be changed by anybody. */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

/** `{ name: value }`, or nothing at all when the value is absent: for optional members of the model. */
export function given<N extends string, V>(name: N, value: V | null | undefined): { [name in N]?: V } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { [name in N]: V });
}
