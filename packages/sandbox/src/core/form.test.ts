import { describe, expect, it } from "vitest";
import { readForm } from "./form.ts";
import type { PlainRequest } from "./service.ts";

function request(body: string, query = ""): PlainRequest {
  return { method: "POST", path: "/", query: new URLSearchParams(query), headers: {}, body: Buffer.from(body) };
}

describe("form-encoded calls", () => {
  it.each([
    ["values", "A=1&B=x%20y", { A: "1", B: "x y" }],
    ["structures", "A.B=1&A.C.D=2", { A: { B: "1", C: { D: "2" } } }],
    ["lists of the query protocol", "A.member.1=x&A.member.2=y", { A: ["x", "y"] }],
    ["lists of the EC2 protocol", "A.1=x&A.2=y", { A: ["x", "y"] }],
    ["lists of structures", "A.member.1.K=a&A.member.1.V=b", { A: [{ K: "a", V: "b" }] }],
    [
      "lists in structures in lists",
      "F.1.Name=n&F.1.Value.1=v&F.1.Value.2=w",
      { F: [{ Name: "n", Value: ["v", "w"] }] },
    ],
    [
      "more than nine members, in their order",
      eleven(),
      { A: Array.from({ length: 11 }, (_, index) => `v${index + 1}`) },
    ],
    ["maps", "A.entry.1.key=k&A.entry.1.value=v", { A: { entry: [{ key: "k", value: "v" }] } }],
    ["an empty list", "A=", { A: "" }],
  ])("decode %s", (_what, body, input) => {
    expect(readForm(request(`Action=Do&Version=1&${body}`))).toEqual({ action: "Do", version: "1", input });
  });

  it("are read from the query of a GET, without what signs it", () => {
    const query = "Action=Do&Version=1&A=1&X-Amz-Signature=x&X-Amz-Credential=y";

    expect(readForm(request("", query))).toEqual({ action: "Do", version: "1", input: { A: "1" } });
  });

  it.each(["A=1&A=2", "A=1&A.B=2"])("are refused where they contradict themselves: %s", (body) => {
    expect(() => readForm(request(body))).toThrow(/^A/);
  });

  it("can not reach the prototype of anything", () => {
    const { input } = readForm(request("Action=Do&__proto__.polluted=1&A.__proto__.polluted=1"));

    expect(Object.keys(input)).toContain("__proto__");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

function eleven(): string {
  return Array.from({ length: 11 }, (_, index) => `A.member.${index + 1}=v${index + 1}`)
    .reverse()
    .join("&");
}
