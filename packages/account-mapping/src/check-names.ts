import { describeRule } from "./broken-rule.ts";
import { type Finding, quote } from "./finding.ts";
import { GITHUB_REPOSITORY, IMAGE_NAME, VARIABLE_NAME } from "./image-schema.ts";
import type { RuleName } from "./rules.ts";
import { AREA_NAME } from "./schema.ts";
import { type Entry, entriesOf, type Survey } from "./survey.ts";

// The tag `windlass:image:<name>` must fit into 128 characters, all of them legal in instance metadata.
const TAGGABLE_NAME = /^[A-Za-z0-9._-]{1,110}$/;

/** Names of areas, images and variables, and what else a name must be fit for. */
export function checkNames(survey: Survey): readonly Finding[] {
  const variables = survey.images.flatMap(({ path, fields }) => entriesOf(fields["variables"], [...path, "variables"]));
  return [
    ...findBadNames(survey.areas, AREA_NAME, "areaName"),
    ...findBadNames(survey.images, IMAGE_NAME, "imageName"),
    ...findBadNames(variables, VARIABLE_NAME, "variableName"),
    ...survey.images.filter(({ name }) => IMAGE_NAME.test(name)).flatMap((image) => checkUse(image, survey)),
  ];
}

function findBadNames(entries: readonly Entry[], pattern: RegExp, rule: RuleName): readonly Finding[] {
  return entries
    .filter(({ name }) => !pattern.test(name))
    .map(({ name, path }) => ({ ...describeRule(rule, name), path, part: "key", found: quote(name) }));
}

function checkUse({ name, path, fields }: Entry, survey: Survey): readonly Finding[] {
  const findings: Finding[] = [];
  if (fields["kind"] === "instance-refresh" && !TAGGABLE_NAME.test(name)) {
    findings.push({
      code: "invalid-image-name",
      path,
      part: "key",
      expected: "1 to 110 letters, digits, dots, dashes and underscores",
      found: quote(name),
      hint: "a group's tag and instance metadata carry the name: put a common prefix into source.repository instead",
    });
  }
  if (survey.reportsToGitHub && fields["github"] === undefined && !GITHUB_REPOSITORY.test(name)) {
    findings.push({
      code: "invalid-github-repository",
      path,
      part: "key",
      expected: "a name that is a GitHub repository's too, or the key github beside it",
      found: quote(name),
      hint: "add github: <repository>, the repository that reports go to",
    });
  }
  return findings;
}
