/** Runs, reads and writes happen in the order in which they were asked for, on what they were asked with. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Backend, Program, Values, Variables } from "../../src/backends/backend.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { trace } from "../../src/graph/graph.ts";
import { add, affine } from "../../src/graph/ops/elementwise.ts";
import { gather } from "../../src/graph/ops/embedding.ts";
import { assign } from "../../src/graph/ops/optimizer.ts";
import { nodeBackend } from "./node-backend.ts";

const spec = { shape: [2], dtype: "f32" } as const;
const pair = (value: number): Float32Array => new Float32Array(2).fill(value);

describe.each([
  ["a device", (): Promise<Backend> => nodeBackend()],
  ["the reference", (): Promise<Backend> => Promise.resolve(new ReferenceBackend())],
])("on %s", (_, open) => {
  let variables: Variables;
  let program: Program;

  // y = x + w; seen ← w
  beforeEach(async () => {
    const backend = await open();
    variables = backend.variables();
    variables.set("w", spec, pair(100));
    variables.set("seen", spec, pair(0));
    const graph = trace((g) => {
      const w = g.parameter({ name: "w", shape: [2] });
      assign(g.parameter({ name: "seen", shape: [2] }), affine(w, 1));
      return { y: add(g.input("x", [2]), w), row: gather(g.input("table", [3, 2]), g.scalar("id", "u32")) };
    });
    program = await backend.compile(graph, variables);
  });
  afterEach(() => {
    program.dispose();
    variables.dispose();
  });

  test("a run has the inputs of its call, whatever becomes of the caller's array", async () => {
    const x = pair(1);
    const runs: Promise<unknown>[] = [];
    const results: Promise<Values>[] = [];
    for (const value of [1, 2, 3]) {
      x.fill(value);
      runs.push(program.run({ x }));
      results.push(program.read("y"));
    }
    x.fill(9);
    await Promise.all(runs);
    expect((await Promise.all(results)).map((y) => y[0])).toEqual([101, 102, 103]);
  });

  test("a variable that is set after a run was asked for keeps its old values for that run and for reads before", async () => {
    const values = pair(200);
    const first = program.run({ x: pair(1) });
    const y = program.read("y");
    const before = variables.get("w");
    variables.set("w", spec, values);
    values.fill(7);
    const after = variables.get("w");
    const second = program.run();
    await Promise.all([first, second]);
    expect(await y).toEqual(pair(101));
    expect(await before).toEqual(pair(100));
    expect(await after).toEqual(pair(200));
    expect(await program.read("y")).toEqual(pair(201));
    expect(await variables.get("seen")).toEqual(pair(200));
  });

  test("a refused run changes no input", async () => {
    await program.run({ x: pair(1) });
    await expect(program.run({ x: pair(5), nonsense: 1 })).rejects.toThrow("input nonsense is missing");
    await program.run();
    expect(await program.read("y")).toEqual(pair(101));
  });

  test("an output is read only after a run, not as the zeros before", async () => {
    const missing = "program: output y is missing (it has not run to its end yet)";
    await expect(program.read("y")).rejects.toThrow(missing);
    await program.run({ x: pair(1) }, { signal: AbortSignal.abort() });
    await expect(program.read("y")).rejects.toThrow(missing);
    await expect(program.read("z")).rejects.toThrow("output z is missing (it has y, row)");
  });

  test("a run that is cancelled before it begins writes no variable and keeps its inputs", async () => {
    for (const options of [{ signal: AbortSignal.abort() }, { budgetMilliseconds: 0 }])
      expect(await program.run({ x: pair(4) }, options)).toBe("cancelled");
    expect(await variables.get("seen")).toEqual(pair(0));
    const told: number[] = [];
    expect(await program.run({}, { onProgress: (done, all) => told.push(done / all) })).toBe("done");
    expect(told.at(-1)).toBe(1);
    expect(await program.read("y")).toEqual(pair(104));
  });

  test("values of another kind of array are refused", async () => {
    const kinds: [string, unknown][] = [
      ["Float64Array", new Float64Array(2)],
      ["Int32Array", new Int32Array(2)],
      ["Uint32Array", new Uint32Array(2)],
      ["Array", [1, 2]],
    ];
    for (const [kind, values] of kinds) {
      const message = `element type: expected f32 in a Float32Array, got ${kind}`;
      await expect(program.run({ x: values as Values })).rejects.toThrow(`input x: ${message}`);
      expect(() => {
        variables.set("w", spec, values as Values);
      }).toThrow(`variable w: ${message}`);
    }
    await expect(program.run({ id: Float32Array.of(1) })).rejects.toThrow("expected u32 in a Uint32Array");
    await expect(program.run({ x: undefined as unknown as Values })).rejects.toThrow("got undefined");
  });

  test("an index that is no u32 is refused", async () => {
    for (const id of [-1, 0.5, 2 ** 32, NaN])
      await expect(program.run({ id })).rejects.toThrow(
        `input id: expected a whole number of 0 to 4294967295, got ${String(id)}`,
      );
  });

  test("variables of another type than the graph asks for are refused when it is compiled", async () => {
    const backend = await open();
    for (const shape of [[3], [2, 1]])
      await expect(
        backend.compile(
          trace((g) => ({ y: affine(g.parameter({ name: "w", shape }), 2) })),
          variables,
        ),
      ).rejects.toThrow("variable w");
    const absent = trace((g) => ({ y: affine(g.parameter({ name: "absent", shape: [2] }), 2) }));
    await expect(backend.compile(absent, variables)).rejects.toThrow("absent is missing");
    expect(() => {
      variables.set("w", { shape: [2], dtype: "u32" }, new Uint32Array(2));
    }).toThrow("variable w: expected f32 [2], got u32 [2]");
  });

  test("a program that is disposed of while it is read says so", async () => {
    await program.run({ x: pair(1) });
    const y = program.read("y");
    await Promise.resolve();
    program.dispose();
    const told = await y.then(
      () => "read",
      (error: unknown) => (error as Error).message,
    );
    expect(["read", "program: its memory is missing (it was disposed of)"]).toContain(told);
    await expect(program.run()).rejects.toThrow("it was disposed of");
    await expect(program.read("y")).rejects.toThrow("it was disposed of");
  });
});
