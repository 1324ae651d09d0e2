/** Texts with `*` for any characters, also none, and `?` for one: those of IAM's actions, resources and conditions. */
export function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}

/**
 * Whether a pattern takes everything that another pattern, or a text, stands for. May say no where it does, in patterns
 * such as `*?` and `?*`, and never yes where it does not.
 */
export function covers(pattern: string, other: string): boolean {
  let at = 0;
  let star = -1;
  let afterStar = 0;
  for (let index = 0; index < other.length; ) {
    if (pattern[at] === "*") {
      star = at;
      afterStar = index;
      at += 1;
    } else if (takes(pattern[at], other[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      afterStar += 1;
      index = afterStar;
      at = star + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

function takes(pattern: string | undefined, character: string | undefined): boolean {
  return character !== "*" && (pattern === "?" || pattern === character);
}

/** Whether there is a text that both patterns take. */
export function overlaps(one: string, other: string): boolean {
  if (one === "*" || other === "*") return true;
  if (!hasWildcard(one)) return covers(other, one);
  if (!hasWildcard(other)) return covers(one, other);
  // Row by row: whether the rest of one from a place on, and the rest of the other from each place on, have a text in common.
  let below = [...other, ""].map((_, place) => /^\**$/.test(other.slice(place)));
  for (let place = one.length - 1; place >= 0; place -= 1) {
    const row: boolean[] = new Array(other.length + 1).fill(false);
    row[other.length] = one[place] === "*" && below[other.length] === true;
    for (let index = other.length - 1; index >= 0; index -= 1) {
      const starred = one[place] === "*" || other[index] === "*";
      const alike = one[place] === "?" || other[index] === "?" || one[place] === other[index];
      row[index] = starred ? below[index] === true || row[index + 1] === true : alike && below[index + 1] === true;
    }
    below = row;
  }
  return below[0] === true;
}

/**
 * As `covers`, part by part of an ARN: a wildcard does not reach over a colon of its first parts, and where a service has
 * types of resources, the type itself can not have one. A lone `*` takes all:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#reference_policies_elements_wildcards
 */
export function arnCovers(pattern: string, other: string): boolean {
  if (pattern === "*") return true;
  const patterns = arnParts(pattern);
  const others = arnParts(other);
  if (patterns.length !== others.length || hasOpenType(patterns)) return false;
  return patterns.every((part, index) => covers(part, `${others[index]}`));
}

/** As `overlaps`, part by part of an ARN. */
export function arnOverlaps(one: string, other: string): boolean {
  if (one === "*" || other === "*") return true;
  const parts = arnParts(one);
  const others = arnParts(other);
  if (parts.length !== others.length) return overlaps(one, other);
  return parts.every((part, index) => overlaps(part, `${others[index]}`));
}

/** S3, SNS and SQS have names where others have a type. */
function hasOpenType([, , service, , , rest]: readonly string[]): boolean {
  return /^[^/:]*[*?][^/:]*[/:]/.test(`${rest}`) && !["s3", "sns", "sqs"].includes(`${service}`);
}

/** Partition, service, region, account and what is left, in which colons are plain characters. */
export function arnParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(":")] : [])];
}
