import { describe, expect, test } from "vitest";
import { tarEnd, tarMember } from "../../src/data/tar-writer.ts";
import { FormatError } from "../../src/errors.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("a member", () => {
  const content = new TextEncoder().encode("hello");
  const member = tarMember("000001.cls", content);

  test("is a header and its content, each in whole blocks", () => {
    expect(member).toHaveLength(1024);
    expect(text(member.subarray(512, 517))).toBe("hello");
    expect(member.subarray(517).every((byte) => byte === 0)).toBe(true);
    expect(tarMember("empty", new Uint8Array(0))).toHaveLength(512);
    expect(tarMember("full", new Uint8Array(512))).toHaveLength(1024);
  });

  test("has the fields of ustar where they belong", () => {
    const field = (at: number, length: number): string => text(member.subarray(at, at + length));
    expect(field(0, 11)).toBe("000001.cls\0");
    expect(field(100, 8)).toBe("0000644\0");
    expect(field(124, 12)).toBe("00000000005\0");
    expect(field(136, 12)).toBe("00000000000\0");
    expect(field(156, 1)).toBe("0");
    expect(field(257, 8)).toBe("ustar\x0000");
  });

  test("has the sum of its header's bytes, blanks for the sum itself", () => {
    const header = member.slice(0, 512);
    const written = text(header.subarray(148, 156));
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    expect(written).toBe(`${sum.toString(8).padStart(6, "0")}\0 `);
  });
});

test("names that do not fit are refused", () => {
  expect(tarMember("a".repeat(100), new Uint8Array(0))).toHaveLength(512);
  for (const name of ["", "a".repeat(101), "ä".repeat(51)])
    expect(() => tarMember(name, new Uint8Array(0)), name).toThrow(FormatError);
});

test("an archive ends with two empty blocks", () => {
  expect(tarEnd()).toEqual(new Uint8Array(1024));
});
