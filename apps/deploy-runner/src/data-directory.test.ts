import { expect, it } from "vitest";
import { dataDirectoryOf } from "./data-directory.ts";

it.each([
  ["no choice", ["PATH=/bin"], ".terraform"],
  ["an empty one", ["TF_DATA_DIR="], ".terraform"],
  ["a folder", ["TF_DATA_DIR=data"], "data"],
  ["a folder by its whole path", ["PATH=/bin", "TF_DATA_DIR=/iac/module/data/tf"], "data/tf"],
  ["the working directory itself", ["TF_DATA_DIR=."], ""],
  ["a folder that begins with dots", ["TF_DATA_DIR=..data"], "..data"],
  ["a folder beside it", ["TF_DATA_DIR=../data"], null],
  ["the folder above", ["TF_DATA_DIR=.."], null],
  ["a folder elsewhere", ["TF_DATA_DIR=/run/data"], null],
])("finds where init leaves things with %s", (_, environment, expected) => {
  expect(dataDirectoryOf(environment, "/iac/module")).toBe(expected);
});
