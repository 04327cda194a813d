/** Registers every lowering. One import a kernel family. */
import "./elementwise.ts";
import "./gemm.ts";
