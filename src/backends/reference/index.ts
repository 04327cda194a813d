/** Registers every op's f64 loops. One import an op family. */
import "./elementwise.ts";
import "./matmul.ts";
import "./conv.ts";
