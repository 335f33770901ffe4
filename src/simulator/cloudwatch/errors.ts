/** CloudWatch's words for a parameter that is missing or wrong. */
import { AwsError } from "../account/aws-error.ts";

export function missing(parameter: string): AwsError {
  return new AwsError("MissingParameter", `The parameter ${parameter} is required.`);
}

export function badValue(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

export function badCombination(message: string): AwsError {
  return new AwsError("InvalidParameterCombination", message);
}
