/** CloudWatch's units: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
const SCALES = ["", "Kilo", "Mega", "Giga", "Tera"];
const AMOUNTS = ["Bytes", "Bits"].flatMap((unit) =>
  SCALES.map((scale) => (scale === "" ? unit : `${scale}${unit.toLowerCase()}`)),
);

export const UNITS: readonly string[] = [
  "Seconds",
  "Microseconds",
  "Milliseconds",
  ...AMOUNTS,
  "Percent",
  "Count",
  ...AMOUNTS.map((unit) => `${unit}/Second`),
  "Count/Second",
  "None",
];
