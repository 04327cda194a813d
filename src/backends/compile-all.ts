/** Programs that are of use only together. */
import type { Graph } from "../graph/graph.ts";
import type { Backend, Program, Variables } from "./backend.ts";

/** A graph, and its name in errors and logs. */
export interface LabelledGraph {
  readonly graph: Graph;
  readonly label: string;
}

/**
 * Compiles graphs one after another. When one fails, those before it are freed.
 * @throws what Backend.compile throws
 */
export async function compileAll<Name extends string>(
  backend: Backend,
  variables: Variables,
  graphs: Readonly<Record<Name, LabelledGraph>>,
): Promise<Record<Name, Program>> {
  const programs: Partial<Record<Name, Program>> = {};
  try {
    for (const name in graphs) {
      const { graph, label } = graphs[name];
      programs[name] = await backend.compile(graph, variables, { label });
    }
    return programs as Record<Name, Program>;
  } catch (error) {
    for (const program of Object.values<Program>(programs as Record<Name, Program>)) program.dispose();
    throw error;
  }
}
