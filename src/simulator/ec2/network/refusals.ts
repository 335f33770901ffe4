import { AwsError } from "../../account/aws-error.ts";

/** @throws AwsError for a member that is given and not modelled: better refused than silently left out */
export function refuseUnmodelled<Input extends object>(
  input: Input,
  members: readonly (keyof Input & string)[],
): void {
  const given = members.find((member) => {
    const value = input[member];
    return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
  });
  if (given !== undefined) {
    throw new AwsError("UnsupportedOperation", `The simulated account does not model ${given}.`);
  }
}
