import { expect, it } from "vitest";
import { splitCidr } from "./split-cidr.ts";

it.each([
  ["10.64.0.0/26", ["10.64.0.0/27", "10.64.0.32/27"]],
  ["10.0.0.0/16", ["10.0.0.0/17", "10.0.128.0/17"]],
  ["192.168.255.0/24", ["192.168.255.0/25", "192.168.255.128/25"]],
])("%s has two halves", (cidr, halves) => {
  expect(splitCidr(cidr)).toEqual(halves);
});
