/** One thing that can be done over the control route. */
import type { Account } from "../account.ts";
import type { ControlInput } from "./control-input.ts";

export interface ControlOptions {
  /** Moves the clock; absent when time cannot be moved by hand. */
  readonly advance?: (ms: number) => Promise<void>;
}

export interface ControlAction {
  readonly method: "GET" | "POST";
  readonly what: string;
  readonly example?: object;
  readonly run: (account: Account, input: ControlInput, options: ControlOptions) => object | Promise<object>;
}
