import { expect, it } from "vitest";
import { githubPages } from "./github-pages.ts";

it.each([
  ["https://api.github.com", "https://github.com"],
  ["https://api.acme.ghe.com", "https://acme.ghe.com"],
  ["https://github.example.com/api/v3", "https://github.example.com"],
  ["http://127.0.0.1:4650/_github/api/v3", "http://127.0.0.1:4650"],
])("the pages of %s are at %s", (apiUrl, pages) => {
  expect(githubPages(apiUrl)).toBe(pages);
});
